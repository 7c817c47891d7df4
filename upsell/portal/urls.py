"""The customer's pages of offers, below those of their order."""

from django.urls import path

from upsell.portal import accepting, choosing, collecting, refusing, seeing

app_name = "offers"

urlpatterns = [
    path("seen", seeing.see, name="seen"),
    path("unwanted", refusing.show_unwanted, name="unwanted"),
    path("unwanted/<int:refusal>/end", refusing.take_back, name="take_back"),
    path("<int:offer>/", accepting.accept, name="offer"),
    path("<int:offer>/mail/", accepting.open_from_mail, name="from_mail"),
    path("<int:offer>/choice", choosing.choose, name="choose"),
    path("<int:offer>/collection", collecting.collect, name="collect"),
    path("<int:offer>/refusal", refusing.refuse, name="refuse"),
]
