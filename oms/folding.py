"""Templates as each language reads them: words that are the same on every page are put in once.

A page of the portal has forty of them, each looked up through the catalogues whenever it is shown. Here a template is
kept once for each language, with the words of that language as part of its text.
"""

from collections.abc import Iterator
from typing import Any

from django.template import Context
from django.template.base import Node, NodeList, Template, TextNode
from django.template.defaulttags import IfNode
from django.template.loaders import base, cached
from django.templatetags.i18n import LanguageNode, TranslateNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class _Folding(base.Loader):
    def get_template(self, template_name: str, skip: list[Any] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        _fold(template.nodelist)
        return template


class Loader(cached.Loader, _Folding):
    """Django's own cache of compiled templates, by language. A template is fetched in the language it is shown in."""

    def cache_key(self, template_name: str, skip: list[Any] | None = None) -> str:
        return f"{get_language()}:{super().cache_key(template_name, skip)}"


def _fold(nodes: NodeList) -> None:
    folded: list[Node] = []
    for node in nodes:
        text = _read_text(node)
        if text is None:
            for inner in _inside(node):
                _fold(inner)
            folded.append(node)
        elif folded and isinstance(folded[-1], TextNode):
            folded[-1] = TextNode(folded[-1].s + text)
        else:
            folded.append(TextNode(text))
    nodes[:] = folded


def _read_text(node: Node) -> str | None:
    """What it says on every page of this language; None where that depends on the page."""
    if isinstance(node, TextNode):
        return node.s
    if not isinstance(node, TranslateNode) or node.asvar or node.message_context or node.noop:
        return None
    said = node.filter_expression
    if said.filters or not isinstance(getattr(said.var, "literal", None), SafeString):
        return None
    return node.render(Context())


def _inside(node: Node) -> Iterator[NodeList]:
    """What is inside a change of language is said in another one than this."""
    if isinstance(node, LanguageNode):
        return
    if isinstance(node, IfNode):
        yield from (inner for _, inner in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        inner = getattr(node, name, None)
        if isinstance(inner, NodeList):
            yield inner
