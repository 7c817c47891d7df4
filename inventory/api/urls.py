"""Addresses of the catalogue and of stock. A SKU may hold a slash."""

from django.urls import path

from inventory.api.products import CategoriesView, ProductBatchView, ProductsView, ProductView
from inventory.api.stock import LevelView, MovementsView, SkuStockView, StockView

urlpatterns = [
    path("categories", CategoriesView.as_view()),
    path("products", ProductsView.as_view()),
    path("products/batch", ProductBatchView.as_view()),
    path("products/<int:product_id>", ProductView.as_view()),
    path("stock", StockView.as_view()),
    path("stock/movements", MovementsView.as_view()),
    path("stock/<path:sku>/<str:warehouse>", LevelView.as_view()),
    path("stock/<path:sku>", SkuStockView.as_view()),
]
