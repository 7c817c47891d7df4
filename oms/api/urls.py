"""The addresses of the platform."""

from django.urls import path

from oms.api.events import EventsView
from oms.api.webhooks import (
    DeliveriesView,
    DeliveryReplayView,
    EndpointsView,
    EndpointView,
    PingView,
    ReplaysView,
    ReplayView,
    RotationView,
)

urlpatterns = [
    path("events", EventsView.as_view()),
    path("webhook-endpoints", EndpointsView.as_view()),
    path("webhook-endpoints/<int:endpoint_id>", EndpointView.as_view()),
    path("webhook-endpoints/<int:endpoint_id>/deliveries", DeliveriesView.as_view()),
    path("webhook-endpoints/<int:endpoint_id>/ping", PingView.as_view()),
    path("webhook-endpoints/<int:endpoint_id>/secret-rotation", RotationView.as_view()),
    path("webhook-endpoints/<int:endpoint_id>/replays", ReplaysView.as_view()),
    path("webhook-endpoints/<int:endpoint_id>/replays/<int:replay_id>", ReplayView.as_view()),
    path("deliveries/<int:delivery_id>/replay", DeliveryReplayView.as_view()),
]
