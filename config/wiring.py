"""Who hears what. The one page where a lower app's event meets a higher app's reaction.

TOGETHER runs in the transaction of the cause: if the reaction fails, the cause did not happen.
AFTERWARDS runs after the commit, queued in the database and retried: it must be idempotent.
AT_ONCE names those of them that are told of everything that waits for them together.
RESOURCES says what the subjects of events look like to partners.
PANELS are the pieces that apps contribute to each other's pages in the admin, top to bottom.
TROUBLES are the types of exceptions that wait for a person, DESKS what staff can do about each.
GATEWAYS are ways in which orders are paid that higher apps have, by code.
"""

from inventory.admin.panels import show_low_figure, show_low_stock
from inventory.admin.told_panel import show_told
from inventory.events import (
    AllocationsBroken,
    ProductCreated,
    StockFell,
    StockRanLow,
    StockRanShort,
    WaitingStockPromised,
)
from inventory.queries.stock_resources import read_stock_resources, see_stock_events
from inventory.reactions.alerting import mail_low_stock
from oms import events, exceptions, panels, resources
from oms.admin import desks
from oms.admin.deliveries import show_dead_letters
from oms.admin.exception_panels import show_exceptions, show_exceptions_by_type
from oms.admin.exception_remedies import DESKS as UNTOLD_DESKS
from oms.admin.webhook_endpoints import show_troubled_webhooks
from oms.portal.pages import connect_sayings
from oms.queries.untold import UNTOLD
from oms.reactions.alerting import mail_disabled_webhooks
from oms.reactions.exceptions import review_troubles
from oms.tasks import wake
from oms.webhook_events import WebhookDisabled
from orders.actions.placing import write_along
from orders.actions.shipping import foreign
from orders.admin.edit_panels import show_approvals, show_changes
from orders.admin.fulfilling.panels import (
    show_due_today,
    show_overdue,
    show_shipped_a_day,
    show_unroutable,
)
from orders.admin.mail_panel import show_mails
from orders.admin.moving_money import show_moving_money
from orders.admin.panels import (
    show_exceptions_about,
    show_held_and_why,
    show_held_now,
    show_orders_a_day,
    show_orders_today,
    show_quarantine,
    show_released_today,
    show_who_waits,
)
from orders.admin.remedies import DESKS as ORDER_DESKS
from orders.admin.repayments import show_repayments_due
from orders.admin.routing.panel import show_routing
from orders.admin.touch_free import show_touch_free, show_touch_free_figure
from orders.admin.write_back_panels import show_overdue_write_backs, show_write_backs
from orders.events import (
    CancellationAnswered,
    CodeAsked,
    ContractWithdrawn,
    EditEnded,
    EditRequested,
    FulfillmentHoldReleased,
    FulfillmentOpened,
    FulfillmentRequested,
    OrderCancelled,
    OrderConfirmed,
    OrderEdited,
    OrderHeld,
    OrderPlaced,
    OrderUpdated,
    PaymentRecorded,
    RefundRecorded,
    ShipmentDelayed,
    ShipmentDelivered,
    ShipmentFailed,
    ShipmentInterceptAnswered,
    ShipmentInterceptAsked,
    ShipmentSent,
    WindowEnded,
    WriteBackDismissed,
)
from orders.payments import registry as gateways
from orders.queries.edits import deals
from orders.queries.exceptions.held import HELD
from orders.queries.exceptions.messages import MESSAGES
from orders.queries.exceptions.parcels import PARCELS
from orders.queries.exceptions.sending import SENDING
from orders.queries.exceptions.telling import TELLING
from orders.queries.order_documents import fill_part
from orders.queries.order_resources import read_order_resources, see_order_events
from orders.queries.references import ask_along
from orders.reactions.labels import want_labels_of_requested
from orders.reactions.low_stock import end_windows_of_fallen_skus, end_windows_of_low_skus
from orders.reactions.mailing import (
    mail_code,
    mail_confirmation,
    mail_edit_ended,
    mail_edit_requested,
    mail_edited,
    mail_window_ended,
)
from orders.reactions.mailing_intercepts import mail_intercept_answered, mail_intercept_asked
from orders.reactions.mailing_money import mail_cancelled, mail_refunded
from orders.reactions.mailing_parcels import (
    mail_delayed,
    mail_delivered,
    mail_failed,
    mail_not_stopped,
    mail_sent,
)
from orders.reactions.routing import finish_cancellations, recall_held_orders, reroute_missing
from orders.reactions.stock import free_promised_orders, hold_short_orders, retry_unknown_skus
from orders.reactions.write_back import (
    tell_cancellations,
    tell_delays,
    tell_deliveries,
    tell_edits,
    tell_failures,
    tell_holds,
    tell_shipments,
)
from orders.return_label_events import ReturnLabelBought, ReturnParcelMoved
from returns.actions.credit.tendering import open_credit_gateway
from returns.actions.following import hear_announced
from returns.actions.remedies.coming_home import open_exchange_gateway
from returns.admin.costs import show_costs
from returns.admin.credit.panels import show_credit_over_time, show_credit_owed
from returns.admin.panels import (
    show_retained,
    show_returns_a_day,
    show_returns_of_order,
    show_returns_today,
    show_returns_touch_free,
    show_to_inspect,
    show_to_review,
)
from returns.admin.remedies import DESKS as RETURN_DESKS
from returns.events import (
    CreditAdvanceEarned,
    CreditClawedBack,
    CreditIssued,
    CreditRunningOut,
    PhotoAsked,
    ReturnApproved,
    ReturnCanceled,
    ReturnClosed,
    ReturnInspected,
    ReturnInTransit,
    ReturnParcelReady,
    ReturnReceived,
    ReturnRefused,
    ReturnRequested,
    ReturnRunningOut,
    ReturnSettled,
    WithdrawalAcknowledged,
)
from returns.portal.credit_panel import show_credit_of_owner
from returns.portal.order_panel import show_returns, show_withdrawal, show_withdrawal_hint
from returns.queries.credit.resources import read_credit_resources, see_credit_events
from returns.queries.exceptions import RETURNS
from returns.queries.final_sales import find_final_sales
from returns.queries.return_documents import OF_ORDER
from returns.queries.return_resources import read_return_resources, see_return_events
from returns.reactions.advising import note_unheeded_advice
from returns.reactions.costing import note_costs_of
from returns.reactions.mailing import (
    mail_parcel_ready,
    mail_photo_asked,
    mail_return_approved,
    mail_return_canceled,
    mail_return_received,
    mail_return_refused,
    mail_return_rejected,
    mail_return_requested,
    mail_return_settled,
    mail_running_out,
    mail_withdrawal,
)
from returns.reactions.mailing_credit import mail_credit_given, mail_credit_running_out
from returns.reactions.moving import move_earned, move_to_channels, take_back_dismissed
from returns.reactions.parcels import attach_labels, move_parcels, prepare_approved, withdraw_ended
from returns.reactions.settling import (
    advance_received,
    advance_scanned,
    give_up_new_orders,
    refund_cancelled_exchanges,
    settle_approved,
)
from returns.reactions.tendering import capture_of_placed, capture_of_recorded
from returns.reactions.terms import GOVERNING, note_terms
from returns.reactions.withdrawing import follow_withdrawn, mail_declared
from upsell.admin.order_panel import show_offers_of_order
from upsell.admin.panels import show_extra_a_day, show_offers_a_day
from upsell.portal.panels import show_offers, show_offers_beside_changes, show_offers_beside_return
from upsell.portal.sayings import OF_OFFERS
from upsell.queries import final_sale
from upsell.queries.deals import read_deals
from upsell.queries.offer_resources import read_offer_resources, see_offer_events
from upsell.reactions.accepting import accept_edited, mark_waiting, reopen_abandoned
from upsell.reactions.counting import count_changed_orders, count_credit, count_orders_of_facts

TOGETHER: events.Wiring = {
    StockRanShort: [hold_short_orders],
    CancellationAnswered: [finish_cancellations],
    EditRequested: [mark_waiting],
    OrderEdited: [accept_edited],
    EditEnded: [reopen_abandoned],
    OrderPlaced: [capture_of_placed],
    PaymentRecorded: [capture_of_recorded],
    ReturnApproved: [settle_approved],
    ReturnInTransit: [advance_scanned],
    ReturnReceived: [advance_received],
    ReturnCanceled: [give_up_new_orders],
    ReturnRefused: [give_up_new_orders],
}

_AFTERWARDS: events.Wiring = {
    StockRanLow: [mail_low_stock, end_windows_of_low_skus],
    StockFell: [end_windows_of_fallen_skus],
    # Not together: it locks orders, and whoever moves stock holds stock's locks, which come after those of orders.
    WaitingStockPromised: [free_promised_orders],
    ProductCreated: [retry_unknown_skus],
    CodeAsked: [mail_code],
    OrderConfirmed: [mail_confirmation],
    EditRequested: [mail_edit_requested],
    OrderEdited: [mail_edited, tell_edits, follow_withdrawn, count_changed_orders],
    OrderUpdated: [count_changed_orders],
    OrderCancelled: [
        mail_cancelled,
        tell_cancellations,
        refund_cancelled_exchanges,
        follow_withdrawn,
        count_changed_orders,
    ],
    ContractWithdrawn: [mail_declared],
    PaymentRecorded: [count_changed_orders],
    RefundRecorded: [mail_refunded, count_changed_orders],
    ShipmentSent: [mail_sent, tell_shipments, follow_withdrawn],
    ShipmentDelayed: [mail_delayed, tell_delays],
    ShipmentDelivered: [mail_delivered, tell_deliveries],
    ShipmentFailed: [mail_failed, tell_failures],
    ShipmentInterceptAsked: [mail_intercept_asked],
    ShipmentInterceptAnswered: [mail_intercept_answered],
    CancellationAnswered: [mail_not_stopped, follow_withdrawn],
    OrderHeld: [tell_holds, recall_held_orders],
    AllocationsBroken: [reroute_missing],
    FulfillmentRequested: [want_labels_of_requested],
    FulfillmentOpened: [want_labels_of_requested],
    FulfillmentHoldReleased: [want_labels_of_requested],
    EditEnded: [mail_edit_ended, follow_withdrawn],
    WindowEnded: [mail_window_ended],
    WebhookDisabled: [mail_disabled_webhooks],
    PhotoAsked: [mail_photo_asked],
    ReturnRequested: [mail_return_requested, note_unheeded_advice, count_orders_of_facts],
    WithdrawalAcknowledged: [mail_withdrawal],
    ReturnRefused: [mail_return_refused, count_orders_of_facts],
    ReturnParcelReady: [mail_parcel_ready],
    ReturnRunningOut: [mail_running_out],
    ReturnReceived: [mail_return_received, note_costs_of],
    ReturnInspected: [mail_return_rejected, note_costs_of, count_orders_of_facts],
    ReturnSettled: [mail_return_settled, note_costs_of, count_orders_of_facts],
    ReturnApproved: [prepare_approved, mail_return_approved, count_orders_of_facts],
    ReturnCanceled: [withdraw_ended, mail_return_canceled, count_orders_of_facts],
    ReturnClosed: [withdraw_ended, note_costs_of, count_orders_of_facts],
    ReturnInTransit: [note_costs_of],
    ReturnLabelBought: [attach_labels],
    ReturnParcelMoved: [move_parcels],
    CreditIssued: [mail_credit_given, count_credit, move_to_channels],
    CreditAdvanceEarned: [move_earned],
    CreditClawedBack: [count_credit],
    WriteBackDismissed: [take_back_dismissed],
    CreditRunningOut: [mail_credit_running_out],
}

# A catalogue of thousands of products is looked through for what waits as few times as it can be, not once a product;
# a wave of hundreds of orders has its labels chosen by as many statements as one, and a warehouse that sends a thousand
# parcels has their mails written, and other systems told, together.
AT_ONCE: list[events.Reaction] = [
    retry_unknown_skus,
    want_labels_of_requested,
    mail_sent,
    tell_shipments,
    tell_delays,
    tell_deliveries,
    tell_failures,
    note_costs_of,
    follow_withdrawn,
    count_changed_orders,
    count_orders_of_facts,
    count_credit,
    review_troubles,
]

RESOURCES = {
    "credit_account": resources.Kind("credit_account", read=read_credit_resources, see=see_credit_events),
    "offer": resources.Kind("offer", read=read_offer_resources, see=see_offer_events),
    "order": resources.Kind("order", read=read_order_resources, see=see_order_events),
    "return": resources.Kind("return", read=read_return_resources, see=see_return_events),
    "sku": resources.Kind("stock", read=read_stock_resources, see=see_stock_events),
}
TROUBLES = [*HELD, *SENDING, *PARCELS, *MESSAGES, *TELLING, *UNTOLD, *RETURNS]

DESKS = {**ORDER_DESKS, **UNTOLD_DESKS, **RETURN_DESKS}

# Whoever waits for a person is seen at once where that is announced; the sweep of each minute sees the rest.
_WATCHED: events.Wiring = {cls: [review_troubles] for trouble in TROUBLES for cls in trouble.heard}
AFTERWARDS: events.Wiring = {
    cls: [*_AFTERWARDS.get(cls, ()), *_WATCHED.get(cls, ())] for cls in {**_AFTERWARDS, **_WATCHED}
}

GATEWAYS: dict[str, gateways.Open] = {"exchange": open_exchange_gateway, "store_credit": open_credit_gateway}

PANELS: panels.Panels = {
    "figures": [
        show_orders_today,
        show_held_now,
        show_approvals,
        show_released_today,
        show_touch_free_figure,
        show_due_today,
        show_overdue,
        show_unroutable,
        show_returns_today,
        show_to_review,
        show_to_inspect,
        show_returns_touch_free,
        show_retained,
        show_extra_a_day,
        show_low_figure,
        show_quarantine,
        show_exceptions,
        show_repayments_due,
        show_credit_owed,
        show_overdue_write_backs,
        show_troubled_webhooks,
        show_dead_letters,
    ],
    "dashboard": [
        show_orders_a_day,
        show_shipped_a_day,
        show_touch_free,
        show_returns_a_day,
        show_offers_a_day,
        show_held_and_why,
        show_exceptions_by_type,
        show_low_stock,
        show_credit_over_time,
    ],
    "order": [
        show_exceptions_about,
        show_routing,
        show_returns_of_order,
        show_offers_of_order,
        show_changes,
        show_moving_money,
        show_mails,
        show_write_backs,
    ],
    "sku": [show_told, show_who_waits],
    "return": [show_costs],
    "portal_order": [show_returns, show_credit_of_owner],
    "portal_order_end": [show_offers, show_withdrawal],
    "portal_edit": [show_offers_beside_changes],
    "portal_return": [show_offers_beside_return],
    "portal_find": [show_withdrawal_hint],
}


def connect() -> None:
    fill_part("returns", OF_ORDER)
    ask_along("terms", GOVERNING)
    write_along(note_terms)
    resources.connect(RESOURCES)
    gateways.connect(GATEWAYS)
    foreign.connect([hear_announced])
    deals.connect(read_deals)
    final_sale.connect(find_final_sales)
    events.connect(together=TOGETHER, afterwards=AFTERWARDS, at_once=AT_ONCE, wake=wake)
    panels.connect(PANELS)
    connect_sayings(OF_OFFERS)
    exceptions.connect(TROUBLES)
    desks.connect(DESKS)
