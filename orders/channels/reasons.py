"""Every reason why a channel's message cannot be taken, and what to do about it: the words that staff read.

The codes are stable: quarantine lists, filters and alerts are built on them.
"""

from typing import Any

from orders.channels.port import CannotTake

MOST_QUOTED = 80
"""Characters of somebody else's value that a sentence repeats."""

REASONS = {
    # The message itself.
    "broken_json": "This is not JSON: {problem}. Ask the sender for it again.",
    "unexpected_shape": "{place} should be {wanted}, but it is {found}. Ask the sender what it means.",
    "unreadable_amount": "{place} should be an amount, but it says {found}. Mend it at the sender and send it again.",
    "unreadable_date": "{place} should be a date, but it says {found}. Mend it at the sender and send it again.",
    "date_without_zone": "{place} says {found}, but not in which time zone. Name the zone at the sender.",
    "unknown_country": "{place} says {found}, which is no country of ISO 3166. Mend the address at the channel.",
    "unknown_currency": "{place} says {found}, which is no currency of ISO 4217. Mend it at the sender.",
    "invalid_order": "Some of the order is wrong.",  # and each wrong place with what is wrong there
    "other_channel": "The order says it is of channel {found}, but it was sent in for {channel}. Send it to its own.",
    # An order, but not all of it.
    "external_id_missing": "The order has no id, so it could not be told from others. Send what the channel stored.",
    "incomplete_order": "The order lacks {missing}. Ask the channel for the whole order.",
    "order_not_in_message": "The message only names order {external_id}. Fetch the order and send it in.",
    "items_missing": "The order comes without its items. Fetch {source} and send it in as {place} of the order.",
    "address_missing": "The order names its address by a link only. Fetch {source} and send it in as {place}.",
    "refunds_missing": "{amount} was refunded, but not told how. Fetch {source} and send it in as {place}.",
    "no_lines": "Nothing in the order can be shipped or billed: it has no lines. Look at it in the channel.",
    "bad_column_map": "The column map is wrong: {problem}. Mend the map and import the file again.",
    "undecodable": "The order has letters that are not {encoding}. Save the file in that encoding and import it again.",
    "rows_apart": "The rows of order {external_id} stand too far apart in the file. Sort it and import it again.",
    "rows_disagree": "The rows of the order disagree: {place} is {found} in one and {wanted} in another. Mend it.",
    "row_malformed": "{place} has {found} cells, the header {wanted}. Mend the row and import it again.",
    # An order that says what we cannot act on.
    "sku_missing": "{title} is a product without SKU. Give it one in the channel, then send the order again.",
    "price_missing": "{title} has no price. Send the order again once the channel has priced it.",
    "negative_amount": "{place} is {found}, below zero. Look at it in the channel and book it by hand.",
    "negative_quantity": "{place} is {found} units. Returned goods belong to a return, not into an order.",
    "negative_tax": "{amount} of tax is taken off, more than there is. Look at the order in the channel.",
    "mixed_currencies": "{place} is in {found}, the order in {currency}. Look at the order in the channel.",
    "several_addresses": "The order goes to {count} addresses. Split it into one order an address.",
    "unknown_status": "The channel gives it status {found}, which says neither paid nor unpaid. Decide in the channel.",
    "not_confirmed_yet": "The channel has not confirmed the order: {found}. It will be sent again once it has.",
    "order_deleted": "The channel has deleted the order. Cancel it here if it must not go out, then dismiss this.",
    "fulfilled_elsewhere": "{found}. Nothing is left to do here; look at it in the channel.",
    # Money.
    "paid_amount_unknown": "The order is paid in part, but not told how much. Fetch its payments and send them along.",
    "payment_currency": "A payment is in {found}, and nothing tells what that is in {currency}. Book it by hand.",
    "refund_currency": "The refund is in {found}, the order in {currency}. Book it by hand, then dismiss this.",
    "refund_without_order": "The refund does not name its order. Record it on the order by hand, then dismiss this.",
    # Orders that are here already.
    "cancelled_too_late": "The channel cancelled order {number}, but it has left. Stop the parcel, or expect a return.",
    "changed_too_late": "The channel changed order {number} after it was released. Hold it, then retry this message.",
    "order_unknown": "There is no order {external_id} of this channel yet. This is taken when the order arrives.",
    # Our own rules.
    "inactive_channel": "The channel is switched off. Switch it on, then retry.",
    "not_storable": "The message cannot be stored: {problem}. Tell the developers.",
    # Credit notes.
    "cancellation_without_order": "Credit note {external_id} names no order. Settle it by hand, then dismiss this.",
}


ADVICE = {
    "unknown_sku": "Create it in the catalogue, and this message is taken by itself.",
    "no_address": "Ask the customer where it should go, and add that at the channel.",
    "fractional_quantity": "Mark the SKU as divisible, or mend the quantity at the channel.",
    "discount_exceeds_total": "Look at the order in the channel and book it by hand.",
    "refund_exceeds_payment": "Look at its payments in the channel; one of them may not have been sent.",
}
"""What to do about a refusal of our own rules, beside what it says is wrong."""


def cannot_take(reason: str, *, external_id: str = "", **facts: Any) -> CannotTake:
    """The refusal in its words; `facts` fill the sentence and stay on the refusal."""
    quoted = {name: quote(value) for name, value in facts.items()}
    named = quote(external_id, most=100)
    return CannotTake(reason, REASONS[reason].format_map({**quoted, "external_id": named}), external_id=named, **quoted)


def quote(value: Any, *, most: int = MOST_QUOTED) -> str:
    """Somebody else's value, fit for a sentence: short, without line breaks and control characters."""
    if isinstance(value, dict | list):
        value = "a list" if isinstance(value, list) else "an object"
    if isinstance(value, int) and abs(value) >= 10**MOST_QUOTED:
        value = "a very large number"
    words = str(value)
    plain = "".join(letter if letter.isprintable() else " " for letter in words[: most + 1])
    return plain if len(plain) <= most else plain[: most - 1] + "…"
