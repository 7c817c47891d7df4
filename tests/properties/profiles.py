"""How long to search: for a minute, or with HYPOTHESIS=long in the environment for hours, and then for new cases."""

import os

from hypothesis import HealthCheck, settings

LONG = os.environ.get("HYPOTHESIS") == "long"

_EVERYWHERE = settings(deadline=None, suppress_health_check=list(HealthCheck))

PURE = settings(_EVERYWHERE, max_examples=20_000 if LONG else 300)
ROWS = settings(_EVERYWHERE, max_examples=1_000 if LONG else 40)
STORIES = settings(
    _EVERYWHERE,
    max_examples=1_000 if LONG else 25,
    stateful_step_count=60 if LONG else 25,
    derandomize=not LONG,  # the same stories on every machine; new ones are for the long search
)
