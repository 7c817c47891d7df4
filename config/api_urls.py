"""The addresses of the REST API. Each resource lists its own next to its views."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from inventory.api.urls import urlpatterns as inventory_urls
from oms.api.urls import urlpatterns as platform_urls
from oms.api.views import UnknownAddressView
from oms.views import show_alive, show_ready
from orders.api.urls import urlpatterns as orders_urls
from returns.api.credit_urls import urlpatterns as credit_urls
from returns.api.urls import urlpatterns as returns_urls
from upsell.api.urls import urlpatterns as upsell_urls

urlpatterns = [
    path("v1/", include(inventory_urls)),
    path("v1/", include(orders_urls)),
    path("v1/", include(returns_urls)),
    path("v1/", include(credit_urls)),
    path("v1/", include(upsell_urls)),
    path("v1/", include(platform_urls)),
    path("v1/healthz", show_alive),
    path("v1/readyz", show_ready),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(template_name="oms/api_docs.html"), name="docs"),
    re_path(r"", UnknownAddressView.as_view()),
]
