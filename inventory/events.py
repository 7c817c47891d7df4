"""What inventory announces. The subject is a SKU, or a product's id."""

from oms.events import Event


class StockEvent(Event):
    subject_kind = "sku"


class StockRanLow(StockEvent):
    """Available fell to the threshold. Facts: available, threshold."""

    type = "stock.low"
    public = True


class StockRecovered(StockEvent):
    """Available rose clearly above the threshold again. Facts: available."""

    type = "stock.recovered"
    public = True


class StockFell(StockEvent):
    """Available fell to a level that somebody had asked to be told of. Facts: available, level."""

    type = "stock.fell"


class StockRanShort(StockEvent):
    """Less is there than was promised. Facts: references (who lost their promise), missing."""

    type = "stock.short"
    public = True


class AllocationsBroken(StockEvent):
    """A count found less than was set apart. Facts: warehouse, parts (whose units are not there, with how many)."""

    type = "stock.allocations_broken"


class WaitingStockPromised(StockEvent):
    """Stock arrived for those who waited. Facts: references (who has a promise now)."""

    type = "stock.promised"


class StockCounted(StockEvent):
    """A count set a level. Facts: warehouse, before, after (on hand)."""

    type = "stock.counted"


class ProductCreated(Event):
    """A product entered the catalogue. Facts: title, category, skus."""

    type = "product.created"
    subject_kind = "product"
