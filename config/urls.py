"""Every address of the product."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from oms.views import show_alive, show_problem, show_ready
from orders.portal.sandbox_gateway import pay_page
from returns.portal.dropping_off import give_label
from returns.portal.terms import show_terms
from upsell.portal.thanks import show_thanks
from upsell.portal.unsubscribing import unsubscribe

handler400 = "oms.views.answer_bad_request"
handler500 = "oms.views.answer_crash"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("config.api_urls")),
    path("", RedirectView.as_view(pattern_name="portal:find"), name="home"),
    path("orders/", include("orders.portal.urls")),
    path("returns/drop-off/<str:token>", give_label, name="drop_off"),
    path("returns/terms/", show_terms, name="return_terms"),
    path("returns/terms/<str:country>", show_terms, name="return_terms_of"),
    path("orders/<number:number>/returns/", include("returns.portal.urls")),
    path("orders/<number:number>/credit/", include("returns.portal.credit_urls")),
    path("orders/<number:number>/offers/", include("upsell.portal.urls")),
    path("orders/<number:number>/thanks/", show_thanks, name="thanks"),
    path("sandbox-gateway/<str:token>", pay_page, name="sandbox_gateway"),
    path("unsubscribe/<str:token>", unsubscribe, name="unsubscribe"),
    path("", include("oms.portal.urls")),
    path("healthz", show_alive, name="healthz"),
    path("readyz", show_ready, name="readyz"),
    path("problems/", show_problem, name="problems"),
    path("problems/<slug:code>", show_problem, name="problem"),
]

if settings.MAIL_PROVIDER and settings.ANYMAIL.get("WEBHOOK_SECRET"):
    urlpatterns.append(path("mail-provider/", include("anymail.urls")))
