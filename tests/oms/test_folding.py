"""Words that are the same on every page of a language are part of the template, and only those."""

import pytest
from django.template import Engine
from django.template.context import Context
from django.utils import translation

PAGES = {
    "base.html": '{% load i18n %}<h1>{% translate "Total" %}</h1>{% block rest %}{% endblock %}',
    "page.html": '{% extends "base.html" %}{% load i18n %}'
    '{% block rest %}{% if yes %}{% translate "Shipping" %}: {{ cost }}{% else %}{% translate "Tax" %}{% endif %}'
    '{% for each in "ab" %} {% include "part.html" %}{% endfor %}'
    '{% translate said as kept %} {{ kept }}{% language "en" %} {% translate "Tax" %}{% endlanguage %}{% endblock %}',
    "part.html": '{% load i18n %}{% translate "Items" %}',
}
LOADERS = [("oms.folding.Loader", [("django.template.loaders.locmem.Loader", PAGES)])]


@pytest.fixture
def engine():
    return Engine(loaders=LOADERS, libraries={"i18n": "django.templatetags.i18n"})


def show(engine, language, **context):
    with translation.override(language):
        return engine.get_template("page.html").render(Context({"said": "Discount", "cost": "<5", **context}))


def test_every_language_reads_its_own_words_whichever_was_shown_before(engine):
    english = "<h1>Total</h1>Shipping: &lt;5 Items Items Discount Tax"
    chinese = "<h1>合计</h1>运费: &lt;5 商品 商品 优惠 Tax"
    assert [show(engine, language, yes=True) for language in ("en", "zh-hans", "en", "zh-hans")] == [
        *(english, chinese),
        *(english, chinese),
    ]


def test_what_depends_on_the_page_stays_open(engine):
    assert show(engine, "zh-hans", yes=False).startswith("<h1>合计</h1>税费")


def test_words_of_a_page_are_part_of_its_text(engine):
    with translation.override("zh-hans"):
        (text, _) = engine.get_template("base.html").nodelist[-2:]
    assert text.s == "<h1>合计</h1>"
