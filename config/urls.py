"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from oms.views import show_alive, show_problem, show_ready

handler400 = "oms.views.answer_bad_request"
handler500 = "oms.views.answer_crash"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("config.api_urls")),
    path("healthz", show_alive, name="healthz"),
    path("readyz", show_ready, name="readyz"),
    path("problems/", show_problem, name="problems"),
    path("problems/<slug:code>", show_problem, name="problem"),
]
