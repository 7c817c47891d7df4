import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from config.local.banner import show_banner
from config.local.places import Places


class Front(BaseHTTPRequestHandler):
    """A web server with an admin, the page of one return, and nothing else."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path in ("/admin/", "/returns/R-1") else 404)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Silence."""


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Front) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_the_banner_says_where_to_go_and_how_to_get_in(places: Places, port: int) -> None:
    known = {
        "staff": {"username": "ada", "password": "s3cret"},
        "api_key": "oms_key",
        "pages": {"Return": "/returns/R-1"},
    }
    places.credentials.write_text(json.dumps(known))

    banner = show_banner(places, port=port, with_demo=True, database="PostgreSQL 18, our own")

    for needed in (
        f"http://127.0.0.1:{port}/admin/",
        f"http://127.0.0.1:{port}/returns/R-1",
        "ada",
        "s3cret",
        "oms_key",
    ):
        assert needed in banner
    assert "Portal" not in banner


def test_without_a_demo_the_banner_says_how_to_make_an_account_and_a_key(places: Places, port: int) -> None:
    banner = show_banner(places, port=port, with_demo=False, database="yours")

    assert "createsuperuser" in banner
    assert "create_api_key --name NAME --scope admin" in banner
