"""Asking the web server on this machine, without urllib, which would obey a proxy named in the environment."""

import http.client


def is_ready(port: int) -> bool:
    return status_of(port, "/readyz") == 200


def is_there(port: int, path: str) -> bool:
    """A page, or the way to one (the admin sends you to its login)."""
    return 200 <= status_of(port, path) < 400


def status_of(port: int, path: str) -> int:
    """Zero when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
