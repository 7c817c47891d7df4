"""The words of all pages and mails, gathered without any program but our own.

`manage.py write_catalogues` keeps `config/locale/*/LC_MESSAGES/django.po` in step with the sources and compiles them:
GNU gettext is not on every machine. Only what customers read is gathered; the admin speaks English.
"""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SPOKEN = (
    *("oms/portal", "oms/mailing.py", "oms/templatetags/portal.py", "oms/templates/oms/portal"),
    *("oms/templates/oms/mail", "oms/templates/403_csrf.html", "oms/templates/404.html"),
    *("orders/portal", "orders/wording", "orders/templates/orders/portal"),
    "orders/templates/orders/documents/packing_slip.html",
    *("returns/portal", "returns/wording", "returns/templates/returns/portal"),
    "returns/templates/returns/documents/slip.html",
    *("upsell/portal", "upsell/wording", "upsell/templates/upsell/portal"),
)
"""Where customers are spoken to."""

KEYWORDS: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "_": None,
    "ngettext": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
}

Message = tuple[str | tuple[str, ...], str | None]


def gather_messages() -> Catalog:
    """Every message of the sources, once."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for path in _sources():
        for message, context in _read_messages(path):
            catalog.add(message, context=context, locations=[(str(path.relative_to(settings.BASE_DIR)), 0)])
    return catalog


def list_catalogues() -> list[Path]:
    return sorted(settings.LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.po"))


def read_catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, charset="utf-8")


def update_catalogue(path: Path) -> list[str]:
    """Bring one language up to date and compile it; the messages that it does not say yet."""
    catalogue = read_catalogue(path)
    catalogue.update(gather_messages(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    path.write_bytes(_as_text(catalogue))
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    path.with_suffix(".mo").write_bytes(compiled.getvalue())
    return find_gaps(catalogue)


def find_gaps(catalogue: Catalog) -> list[str]:
    """Messages without a translation, or with a doubtful one."""
    return [str(message.id) for message in catalogue if message.id and (not _is_said(message.string) or message.fuzzy)]


def _is_said(string: str | Iterable[str] | None) -> bool:
    return bool(string) if string is None or isinstance(string, str) else all(string)


def _as_text(catalogue: Catalog) -> bytes:
    written = io.BytesIO()
    write_po(written, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    passing = ('"POT-', '"PO-', '"Generated-', '"Project-', '"Report-', '"Last-', '"Language-')  # nobody's, or of today
    return "".join(line for line in lines if not line.startswith(passing)).encode()


def _sources() -> Iterator[Path]:
    for place in SPOKEN:
        path = settings.BASE_DIR / place
        yield from sorted(path.rglob("*")) if path.is_dir() else [path]


def _read_messages(path: Path) -> Iterator[Message]:
    if path.suffix == ".py":
        source = path.read_bytes()
    elif path.suffix in (".html", ".txt", ".mjml"):
        source = templatize(path.read_text(), origin=str(path)).encode()
    else:
        return
    for _, message, _, context in extract("python", io.BytesIO(source), keywords=KEYWORDS):
        yield message, context
