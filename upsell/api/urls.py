"""The addresses of offers."""

from django.urls import path

from upsell.api.offers import AcceptanceView, OffersView, RefusalView

urlpatterns = [
    path("orders/<str:number>/offers", OffersView.as_view()),
    path("offers/<int:offer_id>/acceptance", AcceptanceView.as_view()),
    path("offers/<int:offer_id>/refusal", RefusalView.as_view()),
]
