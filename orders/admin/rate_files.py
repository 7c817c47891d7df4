"""Shipping and tax rates as CSV, out and in: a row of a file is a row of the table."""

from typing import Any

from import_export import fields, resources, widgets
from import_export.formats.base_formats import CSV

from inventory.models import Category
from oms.models import Channel
from orders.actions.edits.rating import announce_rates, describe_rate
from orders.models import ShippingRate, TaxRate

FORMATS = [CSV]


class CodeWidget(widgets.ForeignKeyWidget):
    """A channel or category by its code; an empty cell means all of them."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        code = str(value or "").strip()
        if not code:
            return None
        found = self.model.objects.filter(code=code).first()
        if found is None:
            raise ValueError(f"There is no {self.model._meta.verbose_name} {code}.")
        return found


class RateResource(resources.ModelResource):
    """A row with an id changes that rate. One without changes the rate of the same names, or is a new one."""

    names: tuple[str, ...] = ()

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        import_id_fields = ("id",)

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        if wanted := str(row.get("id") or "").strip():
            found = self._meta.model.objects.filter(pk=int(wanted)).first() if wanted.isdigit() else None
            if found is None:
                raise ValueError(f"There is no rate with the id {wanted}; leave it empty for a new one.")
            return found
        known = {self.fields[name].attribute: self.fields[name].clean(row) for name in self.names if name in row}
        found = list(self._meta.model.objects.filter(**known)[:2])
        if len(found) > 1:
            raise ValueError("Several rates go by these names; say which by its id.")
        return found[0] if found else None

    def import_field(self, field: Any, instance: Any, row: Any, *args: Any, **kwargs: Any) -> None:
        """An empty id is the database's to give."""
        if field.column_name != "id":
            super().import_field(field, instance, row, *args, **kwargs)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Tell of all rows that were kept at once; a trial keeps none."""
        kept = [row for row in result.rows if row.import_type in (row.IMPORT_TYPE_NEW, row.IMPORT_TYPE_UPDATE)]
        if kwargs.get("dry_run") or not kept:
            return
        changes = [(describe_rate(row.original) if row.original else None, row.instance) for row in kept]
        announce_rates(changes, by=kwargs["by"], at=kwargs["at"])


class ShippingRateResource(RateResource):
    names = ("channel", "country", "method", "currency", "weight_from")
    channel = fields.Field(attribute="channel", column_name="channel", widget=CodeWidget(Channel, field="code"))

    class Meta(RateResource.Meta):
        model = ShippingRate
        fields = export_order = (
            *("id", "channel", "country", "method", "title", "currency", "price", "free_from", "weight_from"),
            *("weight_below", "tax_rate", "days_least", "days_most", "active"),
        )

    def get_queryset(self) -> Any:
        return ShippingRate.objects.select_related("channel")


class TaxRateResource(RateResource):
    names = ("country", "province", "category", "from_date")
    category = fields.Field(attribute="category", column_name="category", widget=CodeWidget(Category, field="code"))

    class Meta(RateResource.Meta):
        model = TaxRate
        fields = export_order = (
            *("id", "country", "province", "category", "rate", "from_date", "until_date", "source"),
        )

    def get_queryset(self) -> Any:
        return TaxRate.objects.select_related("category")
