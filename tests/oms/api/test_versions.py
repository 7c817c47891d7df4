"""Who changes a thing may ask that it is still as they have read it."""

import pytest

from tests.make.partners import make_partner

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.oms.api.trial")]


@pytest.mark.parametrize("tag", ['"7"', 'W/"7"', "7", "*"])
def test_the_version_that_was_read_is_still_there(tag):
    answer = make_partner().put("/optional", {}, if_match=tag)
    assert (answer.status_code, answer["ETag"]) == (200, '"8"')


def test_a_stale_version_is_refused_and_the_current_one_named():
    answer = make_partner().put("/optional", {}, if_match='"6"')
    assert (answer.status_code, answer.json()["code"], answer.json()["version"]) == (412, "version_stale", 7)


@pytest.mark.parametrize("tag", ["", '"a"', '"7", "8"', '"-1"', '"' + "9" * 40 + '"'])
def test_a_version_that_is_none_is_malformed(tag):
    answer = make_partner().put("/optional", {}, if_match=tag)
    assert (answer.status_code, answer.json()["code"]) == (400, "if_match_malformed")
