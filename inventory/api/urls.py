"""The addresses of catalogue and stock."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
