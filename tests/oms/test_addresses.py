"""The tag `url` says what Django's own would, whatever it has remembered."""

from uuid import UUID

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, clear_script_prefix, reverse, set_script_prefix

HANDLE = UUID("0f0e0d0c-0b0a-0908-0706-050403020100")
PLACES = [
    ("portal:find", []),
    ("portal:order", ["1001"]),
    ("portal:line", ["US-1001", 7]),
    ("portal:line", ["1002", 12345]),
    ("offers:refuse", ["1001", 8]),
    ("portal:code", [HANDLE]),
    ("portal:link", ["ab:cd_e"]),
    ("problem", ["stock-short"]),
    ("admin:orders_order_change", ["12"]),
]


@pytest.fixture
def below_shop():
    link("portal:order", ["1001"])
    set_script_prefix("/shop/")
    yield
    clear_script_prefix()


def link(view, args):
    names = " ".join(f"a{place}" for place in range(len(args)))
    return Template(f"{{% url '{view}' {names} %}}").render(
        Context({f"a{place}": each for place, each in enumerate(args)})
    )


@pytest.mark.parametrize(("view", "args"), PLACES)
def test_a_link_leads_where_django_s_own_tag_leads_the_first_time_and_later(view, args):
    assert link(view, args) == link(view, args) == reverse(view, args=args)


def test_links_of_one_view_differ_by_what_they_are_about():
    assert [link("portal:line", [number, 3]) for number in ("1001", "1002")] == [
        "/orders/1001/lines/3",
        "/orders/1002/lines/3",
    ]


@pytest.mark.parametrize(("view", "args"), [("portal:line", ["1001", "x"]), ("portal:order", []), ("no:such", ["1"])])
def test_what_no_pattern_takes_is_an_error_as_ever(view, args):
    with pytest.raises(NoReverseMatch):
        link(view, args)


def test_a_product_below_a_folder_of_the_site_is_found_there(below_shop):
    assert link("portal:order", ["1001"]) == "/shop/orders/1001/"


def test_an_address_can_be_kept_under_a_name():
    kept = Template("{% url 'portal:order' '1001' as here %}<{{ here }}>{% url 'no:such' as there %}<{{ there }}>")
    assert kept.render(Context()) == "</orders/1001/><>"
