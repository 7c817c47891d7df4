"""The addresses of returns."""

from django.urls import path

from returns.api.acting import ApprovalView, CancellationView, InspectionView, ReceiptView, RefusalView
from returns.api.photos import PhotosView
from returns.api.returns import ReturnPreviewView, ReturnsView, ReturnView
from returns.api.terms import TermsView

urlpatterns = [
    path("return-terms", TermsView.as_view()),
    path("returns", ReturnsView.as_view()),
    path("returns/preview", ReturnPreviewView.as_view()),
    path("returns/<str:number>", ReturnView.as_view()),
    path("returns/<str:number>/approval", ApprovalView.as_view()),
    path("returns/<str:number>/refusal", RefusalView.as_view()),
    path("returns/<str:number>/receipt", ReceiptView.as_view()),
    path("returns/<str:number>/inspection", InspectionView.as_view()),
    path("returns/<str:number>/photos", PhotosView.as_view()),
    path("returns/<str:number>/cancellation", CancellationView.as_view()),
]
