"""The catalogue as CSV, out and in. Stock is not in it: that changes by movements."""

from typing import Any

from import_export import fields, resources, widgets
from import_export.formats.base_formats import CSV

from inventory.admin.promise_rows import open_promise_rows
from inventory.models import Category, Product, Variant

FORMATS = [CSV]


class ProductNameWidget(widgets.ForeignKeyWidget):
    """A product by its handle, or, where it has none, by #id."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Product | None:
        name = str(value or "").strip()
        if not name:
            raise ValueError("The product is missing: write its handle, or # and its id.")
        wanted = {"id": int(name[1:])} if name[0] == "#" and name[1:].isdigit() else {"handle": name}
        product = Product.objects.filter(**wanted).first()
        if product is None:
            raise ValueError(f"There is no product {name}.")
        return product

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return (value.handle or f"#{value.id}") if value else ""


class VariantResource(resources.ModelResource):
    product = fields.Field(attribute="product", column_name="product", widget=ProductNameWidget(Product))
    options = fields.Field(attribute="options", column_name="options", widget=widgets.JSONWidget())

    class Meta:
        model = Variant
        import_id_fields = ("sku",)
        fields = export_order = (
            *("sku", "product", "options", "barcode", "price", "currency", "unit_cost", "weight_grams", "length_mm"),
            *("width_mm", "height_mm", "hs_code", "origin", "divisible", "active"),
        )
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def get_queryset(self) -> Any:
        return Variant.objects.select_related("product")

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        open_promise_rows()


class ProductResource(resources.ModelResource):
    category = fields.Field(
        attribute="category", column_name="category", widget=widgets.ForeignKeyWidget(Category, field="code")
    )
    handling = fields.Field(attribute="handling", column_name="handling", widget=widgets.SimpleArrayWidget("|"))
    tags = fields.Field(attribute="tags", column_name="tags", widget=widgets.SimpleArrayWidget("|"))

    class Meta:
        model = Product
        import_id_fields = ("handle",)
        fields = export_order = (
            *("handle", "title", "product_type", "category", "brand", "description", "care", "handling", "tags"),
            "active",
        )
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def get_queryset(self) -> Any:
        return Product.objects.select_related("category")

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        if not str(row.get("handle") or "").strip():
            raise ValueError("The handle is missing: it says which product the row is about.")
