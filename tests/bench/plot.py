"""The picture: each figure as a share of its aim, as bars in an SVG that needs nothing but a browser."""

import re
from collections.abc import Sequence
from html import escape

from tests.bench.figures import Figure

WIDTH, LABELS, RIGHT = 1_000, 420, 70
ROW, TOP, BOTTOM = 34, 64, 46
FARTHEST = 2.0  # twice the aim; a longer bar is cut and says so by its number
COLORS = {"aim": "#0f766e", "least": "#5b8def", "missed": "#c2410c"}
MEANINGS = {"aim": "aim reached", "least": "enough", "missed": "missed"}
INK, FAINT = "#1f2937", "#6b7280"


def draw_shares(figures: Sequence[Figure]) -> str:
    """A row a figure: its bar, a notch where the least lies, and one line at 1 for the aim of all."""
    height = TOP + ROW * len(figures) + BOTTOM
    rows = "".join(_draw_row(figure, TOP + ROW * place) for place, figure in enumerate(figures))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="14" fill="{INK}">\n'
        f"<title>Each figure as a share of its aim</title>\n"
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n'
        f'<text x="20" y="28" font-size="17" font-weight="600">Each figure as a share of its aim</text>\n'
        f"{_draw_legend()}{_draw_axis(height)}{rows}</svg>\n"
    )


def _draw_row(figure: Figure, top: int) -> str:
    target = figure.target
    assert target
    share, least = target.share(figure.value), target.share(target.least)
    if not target.aim:  # none at all was wanted: all or nothing
        share, least = (1.0, 1.0) if figure.value <= target.aim else (0.0, 1.0)
    middle, notch = top + ROW / 2, _across(least)
    return (
        f'<text x="{LABELS - 12}" y="{middle + 5}" text-anchor="end">{escape(_label(figure.name))}</text>\n'
        f'<rect x="{LABELS}" y="{top + 7}" width="{_across(share) - LABELS:.1f}" height="{ROW - 14}" rx="2" '
        f'fill="{COLORS[figure.verdict]}"/>\n'
        f'<line x1="{notch:.1f}" x2="{notch:.1f}" y1="{top + 3}" y2="{top + ROW - 3}" stroke="{INK}" '
        f'stroke-width="2"/>\n'
        f'<text x="{max(_across(share), notch) + 8:.1f}" y="{middle + 5}" font-weight="600" stroke="#ffffff" '
        f'stroke-width="4" paint-order="stroke">{_value(figure)}</text>\n'
    )


def _draw_axis(height: int) -> str:
    lines = []
    for share in (0.0, 0.5, 1.0, 1.5, 2.0):
        x, strong = _across(share), share == 1.0
        lines.append(
            f'<line x1="{x}" x2="{x}" y1="{TOP - 4}" y2="{height - BOTTOM + 6}" '
            f'stroke="{INK if strong else "#d1d5db"}" stroke-dasharray="{"none" if strong else "3 3"}"/>\n'
            f'<text x="{x}" y="{height - 20}" text-anchor="middle" fill="{FAINT}">{"aim" if strong else f"{share:g} ×"}'
            "</text>\n"
        )
    return "".join(lines)


def _draw_legend() -> str:
    parts, x = [], LABELS
    for verdict, color in COLORS.items():
        parts.append(
            f'<rect x="{x}" y="17" width="13" height="13" rx="2" fill="{color}"/>'
            f'<text x="{x + 19}" y="28">{MEANINGS[verdict]}</text>\n'
        )
        x += 125
    parts.append(
        f'<line x1="{x + 6}" x2="{x + 6}" y1="14" y2="33" stroke="{INK}" stroke-width="2"/>'
        f'<text x="{x + 16}" y="28">at least</text>\n'
    )
    return "".join(parts)


def _across(share: float) -> float:
    return LABELS + min(share, FARTHEST) / FARTHEST * (WIDTH - LABELS - RIGHT)


def _label(name: str) -> str:
    return re.sub("`", "", name)


def _value(figure: Figure) -> str:
    if figure.floor:
        return f"× {figure.value:.2f}"
    return f"{figure.value:.3g} {figure.unit}".strip()
