"""A mail server and a partner in one program: `python -m tests.bench.listeners` prints their ports and takes all."""

import http.server
import json
import sys
import threading
from typing import Any

from tests.fakes.mail_server import MailServer


class Taker(http.server.BaseHTTPRequestHandler):
    """A partner's address that says yes to whatever it is told."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def main() -> None:
    with MailServer() as mails, http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taker) as partner:
        partner.daemon_threads = True
        for server in (mails, partner):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        print(json.dumps({"mails": mails.port, "partner": partner.server_port}), flush=True)
        sys.stdin.readline()  # until whoever started us is through


if __name__ == "__main__":
    main()
