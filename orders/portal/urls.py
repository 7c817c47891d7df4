"""The customer's addresses, below /orders/."""

from django.urls import path, register_converter

from orders.portal import cancelling, changing, confirming, finding, order_page

app_name = "portal"


class NumberConverter:
    """An order's number."""

    regex = "[A-Za-z0-9-]{1,20}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "number")

urlpatterns = [
    path("", finding.find_order, name="find"),
    path("code/<uuid:handle>", finding.enter_code, name="code"),
    path("link/<str:token>", finding.open_link, name="link"),
    path("leave", finding.close_session, name="leave"),
    path("<number:number>/", order_page.show_order, name="order"),
    path("<number:number>/again", finding.go_on, name="go_on"),
    path("<number:number>/standing", order_page.show_standing, name="standing"),
    path("<number:number>/address", changing.change_address, name="address"),
    path("<number:number>/contact", changing.change_contact, name="contact"),
    path("<number:number>/shipping", changing.change_shipping, name="shipping"),
    path("<number:number>/add", changing.add_item, name="add"),
    path("<number:number>/lines/<int:line>", changing.change_line, name="line"),
    path("<number:number>/undo", changing.undo_change, name="undo"),
    path("<number:number>/preview", confirming.preview_changes, name="preview"),
    path("<number:number>/changes/<int:edit>", confirming.show_edit, name="edit"),
    path("<number:number>/changes/<int:edit>/withdrawal", confirming.withdraw_change, name="withdraw"),
    path("<number:number>/paid", confirming.come_back, name="paid"),
    path("<number:number>/cancellation", cancelling.cancel, name="cancel"),
]
