"""The addresses of orders."""

from django.urls import path

from orders.api.acting import CancellationView, HoldsView, HoldView, PaymentsView, ReleaseView
from orders.api.carriers import take_carrier_message
from orders.api.editing import EditPreviewView, EditsView, EditView
from orders.api.fulfillments import (
    AcceptanceView,
    FulfillmentHoldView,
    FulfillmentsView,
    FulfillmentView,
    InterceptsView,
    LabelView,
    RejectionView,
    ScheduleView,
    ShipmentView,
    ShortView,
    StopAnswerView,
    StopView,
    TrackingEventsView,
)
from orders.api.gateways import take_gateway_message
from orders.api.links import LinksView
from orders.api.placing import OrderBatchView, OrdersView
from orders.api.reading import OrderView, TimelineView
from orders.api.webhooks import take_webhook
from orders.api.write_backs import AcknowledgementView

urlpatterns = [
    path("orders", OrdersView.as_view()),
    path("orders/batch", OrderBatchView.as_view()),
    path("orders/<str:number>", OrderView.as_view()),
    path("orders/<str:number>/timeline", TimelineView.as_view()),
    path("orders/<str:number>/cancellation", CancellationView.as_view()),
    path("orders/<str:number>/edits", EditsView.as_view()),
    path("orders/<str:number>/edits/preview", EditPreviewView.as_view()),
    path("orders/<str:number>/edits/<int:edit_id>", EditView.as_view()),
    path("orders/<str:number>/holds", HoldsView.as_view()),
    path("orders/<str:number>/holds/<int:hold_id>", HoldView.as_view()),
    path("orders/<str:number>/release", ReleaseView.as_view()),
    path("orders/<str:number>/payments", PaymentsView.as_view()),
    path("orders/<str:number>/links", LinksView.as_view()),
    path("fulfillments", FulfillmentsView.as_view()),
    path("fulfillments/<str:number>", FulfillmentView.as_view()),
    path("fulfillments/<str:number>/acceptance", AcceptanceView.as_view()),
    path("fulfillments/<str:number>/rejection", RejectionView.as_view()),
    path("fulfillments/<str:number>/hold", FulfillmentHoldView.as_view()),
    path("fulfillments/<str:number>/schedule", ScheduleView.as_view()),
    path("fulfillments/<str:number>/shipment", ShipmentView.as_view()),
    path("fulfillments/<str:number>/short", ShortView.as_view()),
    path("fulfillments/<str:number>/cancellation-request", StopView.as_view()),
    path("fulfillments/<str:number>/cancellation-request/answer", StopAnswerView.as_view()),
    path("fulfillments/<str:number>/label", LabelView.as_view()),
    path("shipments/<str:number>/intercept", InterceptsView.as_view()),
    path("shipments/<str:number>/tracking-events", TrackingEventsView.as_view()),
    path("write-backs/<uuid:key>/acknowledgement", AcknowledgementView.as_view()),
    path("channels/<slug:code>/webhooks/<path:topic>", take_webhook),
    path("gateways/<slug:code>/webhooks", take_gateway_message),
    path("carriers/<slug:code>/webhooks", take_carrier_message),
]
