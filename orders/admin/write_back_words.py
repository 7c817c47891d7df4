"""How the admin says what has become of a message to another system."""

from collections.abc import Mapping, Sequence
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
