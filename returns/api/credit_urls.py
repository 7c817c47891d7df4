"""The addresses of store credit."""

from django.urls import path

from returns.api.credit import (
    AuthorizationsView,
    AuthorizationView,
    CaptureView,
    CreditAccountView,
    CreditLookupView,
    VoidView,
)

urlpatterns = [
    path("credit-accounts/lookup", CreditLookupView.as_view()),
    path("credit-accounts/<str:name>", CreditAccountView.as_view()),
    path("credit-accounts/<str:name>/authorizations", AuthorizationsView.as_view()),
    path("authorizations/<str:name>", AuthorizationView.as_view()),
    path("authorizations/<str:name>/capture", CaptureView.as_view()),
    path("authorizations/<str:name>/void", VoidView.as_view()),
]
