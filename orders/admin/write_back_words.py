"""How the admin says what has become of a message to another system."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.safestring import SafeString

from oms.templatetags.showing import badge
from orders.models import WriteBack

State = WriteBack.State

TONES = {
    State.WAITING: "warm",
    State.SENT: "cool",
    State.ACKNOWLEDGED: "good",
    State.MISMATCHED: "bad",
    State.FAILED: "bad",
}


def show_state(message: WriteBack) -> SafeString:
    return badge(message.get_state_display(), TONES.get(State(message.state), "mute"))


def say_lag(lag: timedelta) -> str:
    """0.8 s, 42 s, 7 min, 5 h"""
    seconds = max(lag.total_seconds(), 0)
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def say_differences(message: WriteBack) -> str:
    return say_difference_list(message.differences)


def say_difference_list(differences: Sequence[Mapping[str, Any]]) -> str:
    """quantity TEE-M: 2, there 1; …"""
    said = (
        f"{each.get('where', '').replace('_', ' ')} {each.get('what', '')}".strip()
        + f": {each.get('ours') or '–'}, there {each.get('theirs') or '–'}"
        for each in differences
    )
    return "; ".join(said)
