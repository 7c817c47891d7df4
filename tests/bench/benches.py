"""All benches, in the order of the report. A new one is a module with `measure` and one line here."""

from collections.abc import Callable

from tests.bench import (
    batch,
    crediting,
    editing,
    eligibility,
    importing,
    labels,
    memory,
    offering,
    one_sku,
    placing,
    profiling,
    reading,
    recommending,
    releasing,
    returning,
    routing,
    sending,
    statements,
    waving,
    webhooks,
)
from tests.bench.figures import Findings
from tests.bench.ground import Ground

BENCHES: dict[str, Callable[[Ground], Findings]] = {
    "placing": placing.measure,
    "one_sku": one_sku.measure,
    "batch": batch.measure,
    "editing": editing.measure,
    "crediting": crediting.measure,
    "releasing": releasing.measure,
    "returning": returning.measure,
    "routing": routing.measure,
    "waving": waving.measure,
    "sending": sending.measure,
    "reading": reading.measure,
    "importing": importing.measure,
    "statements": statements.measure,
    "webhooks": webhooks.measure,
    "memory": memory.measure,
    "labels": labels.measure,
    "eligibility": eligibility.measure,
    "recommending": recommending.measure,
    "offering": offering.measure,
    "profile": profiling.measure,
}
