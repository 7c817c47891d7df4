import json

from config.local.banner import show_banner
from config.local.places import Places


def test_the_banner_says_where_to_go_and_how_to_get_in(places: Places) -> None:
    known = {"staff": {"username": "ada", "password": "s3cret"}, "api_key": "oms_key"}
    places.credentials.write_text(json.dumps(known))

    banner = show_banner(places, port=8123, with_demo=True, database="PostgreSQL 18, our own")

    for needed in ("http://127.0.0.1:8123/admin/", "ada", "s3cret", "oms_key"):
        assert needed in banner


def test_without_a_demo_the_banner_says_how_to_make_an_account_and_a_key(places: Places) -> None:
    banner = show_banner(places, port=8000, with_demo=False, database="yours")

    assert "createsuperuser" in banner
    assert "create_api_key --name NAME --scope SCOPE" in banner
