"""Labels, as they come out of the printer."""

from pathlib import Path

import pypdfium2
from PIL import Image

from orders.carriers.house_label import draw_labels
from tests.make.labels import BERLIN, RIYADH, SHANGHAI, declaration, declared, label_facts

DPI = 110
GAP = 12  # dots


def picture_labels(folder: Path) -> None:
    """Three side by side: at home, and abroad with the post's declaration."""
    every = ("fragile", "liquid", "battery", "keep_dry")
    paper = declaration(declared(), declared("丝绸围巾 Silk scarf", hs_code="621410", origin="CN", grams=120))
    facts = [
        label_facts(ship_to=BERLIN, handling=every),
        label_facts(ship_to=SHANGHAI, service="Parcel International", declaration=paper, handling=every),
        label_facts(ship_to=RIYADH, service="Parcel International", declaration=paper, handling=("fragile",)),
    ]
    with pypdfium2.PdfDocument(draw_labels(facts)) as document:
        pages = [page.render(scale=DPI / 72, grayscale=True).to_pil() for page in document]
    sheet = Image.new("L", (sum(page.width + GAP for page in pages) - GAP, pages[0].height), 255)
    for place, page in enumerate(pages):
        sheet.paste(page, (place * (page.width + GAP), 0))
    sheet.quantize(16).save(folder / "labels.png", optimize=True)
