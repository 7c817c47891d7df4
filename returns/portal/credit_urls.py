"""The customer's addresses of store credit, below those of their order."""

from django.urls import path

from returns.portal import credit

app_name = "credit"

urlpatterns = [
    path("", credit.show_credit, name="credit"),
    path("code", credit.show_code, name="code"),
    path("payment", credit.pay, name="pay"),
]
