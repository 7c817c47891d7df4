"""A document uses what came with this software, and says what is missing."""

import pytest
from django.utils.safestring import SafeString

from orders.documents import rendering
from orders.documents.refusals import DocumentsUnavailable
from tests.make.pdfs import count_pages


@pytest.fixture
def no_press():
    """As if no document had been printed yet."""
    rendering._load_press.cache_clear()
    yield
    rendering._load_press.cache_clear()


def test_without_pango_one_sentence_says_how_to_install_it(no_press, monkeypatch):
    def fail(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(rendering, "import_module", fail)
    with pytest.raises(DocumentsUnavailable) as refusal:
        rendering.render_pdf("packing_slip.html", {})
    assert refusal.value.facts == {"missing": "pango"}
    assert "apt-get install libpango-1.0-0" in refusal.value.message


def test_without_a_font_one_sentence_says_which(no_press, monkeypatch):
    monkeypatch.setattr(rendering, "OTHERS", ("NotoSansKlingon-Regular",))
    with pytest.raises(DocumentsUnavailable) as refusal:
        rendering.render_pdf("packing_slip.html", {})
    assert "NotoSansKlingon-Regular.ttf" in refusal.value.message


def test_nothing_is_fetched_from_outside(caplog):
    picture = '<img src="http://127.0.0.1:9/x.png"><img src="file:///etc/hostname">'
    pdf = rendering.render_pdf("packing_slip.html", {"receiver": [SafeString(picture)], "lines": [], "parcel": {}})
    assert count_pages(pdf) == 1
    assert caplog.text.count("disallowed protocol") == 2
