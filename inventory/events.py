"""What inventory announces. The subject is a SKU, or a product's id."""

from oms.events import Event


class StockRanLow(Event):
    """Available fell to the threshold. Facts: available, threshold."""

    type = "stock.low"
    subject_kind = "sku"


class StockRecovered(Event):
    """Available rose clearly above the threshold again. Facts: available."""

    type = "stock.recovered"
    subject_kind = "sku"


class StockRanShort(Event):
    """Less is there than was promised. Facts: references (who lost their promise), missing."""

    type = "stock.short"
    subject_kind = "sku"


class WaitingStockPromised(Event):
    """Stock arrived for those who waited. Facts: references (who has a promise now)."""

    type = "stock.promised"
    subject_kind = "sku"


class StockCounted(Event):
    """A count set a level. Facts: warehouse, before, after (on hand)."""

    type = "stock.counted"
    subject_kind = "sku"


class ProductCreated(Event):
    """A product entered the catalogue. Facts: title, category, skus."""

    type = "product.created"
    subject_kind = "product"
