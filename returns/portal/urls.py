"""The customer's pages of returns, below those of their order."""

from django.urls import path, register_converter

from returns.portal import advising, choosing, finishing, photos, resolving, return_page, sending, tallying, withdrawing

app_name = "returns"


class RmaConverter:
    """A return's number."""

    regex = "[A-Za-z0-9]{1,20}-[Rr][0-9]{1,4}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(RmaConverter, "rma")

urlpatterns = [
    path("new", choosing.choose_items, name="items"),
    path("claim", choosing.report_faults, name="claim"),
    path("new/photos/<int:line>", photos.take_photo, name="take_photo"),
    path("new/photos/<uuid:key>.jpg", photos.show_draft_photo, name="draft_photo"),
    path("new/resolution", resolving.choose_resolutions, name="resolution"),
    path("new/resolution/sums", tallying.show_tally, name="tally"),
    path("new/kept/<int:line>", advising.keep_item, name="keep"),
    path("new/method", finishing.choose_method, name="method"),
    path("new/summary", finishing.sum_up, name="summary"),
    path("withdrawal", withdrawing.state_withdrawal, name="withdrawal"),
    path("withdrawal/declared", withdrawing.show_declared, name="declared"),
    path("withdrawal/confirmation", withdrawing.confirm_withdrawal, name="confirm_withdrawal"),
    path("<rma:rma>/", return_page.show_return, name="return"),
    path("<rma:rma>/sending", sending.show_sending, name="sending"),
    path("<rma:rma>/label.pdf", sending.give_label, name="label"),
    path("<rma:rma>/slip.pdf", sending.give_slip, name="slip"),
    path("<rma:rma>/parcel", sending.tell_number, name="tell_number"),
    path("<rma:rma>/cancellation", return_page.cancel, name="cancel"),
    path("<rma:rma>/photos", photos.send_photos, name="send_photos"),
    path("<rma:rma>/photos/<uuid:key>.jpg", photos.show_return_photo, name="photo"),
]
