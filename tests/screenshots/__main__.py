"""`python -m tests.screenshots`: the pictures of the documentation, made anew from the demo (DATABASE_URL).

It wants an empty database; `make screenshots` starts one and sets the address. The pictures go to docs/images/.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.screenshots.papers import picture_labels
from tests.screenshots.taking import picture_desk, picture_portal, picture_returns

CHECKOUT = Path(__file__).resolve().parent.parent.parent
IMAGES = CHECKOUT / "docs" / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 60.0  # seconds until the server must answer


def main() -> int:
    if not os.environ.get("DATABASE_URL"):
        print("DATABASE_URL is not set. `make screenshots` starts a database and sets it.", file=sys.stderr)
        return 1
    picture_labels(IMAGES)
    with tempfile.TemporaryDirectory() as folder:
        environment = _environment(Path(folder))
        for command in (["migrate", "--verbosity", "0"], ["load_demo"], ["collectstatic", "--noinput", "-v", "0"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=CHECKOUT, env=environment, check=True)
        known = Path(environment["OMS_DEMO_CREDENTIALS"])
        if not known.exists():
            print("This database is in use already; the pictures are made of an empty one.", file=sys.stderr)
            return 1
        with _server(environment) as address:
            _take_pictures(address, json.loads(known.read_text())["staff"], environment)
    return 0


def _environment(folder: Path) -> dict[str, str]:
    ours = {
        "OMS_DATA": str(folder),
        "OMS_DEMO_CREDENTIALS": str(folder / "credentials.json"),
        "HTTPS": "0",
        "DEBUG": "0",
        "SECRET_KEY": os.environ.get("SECRET_KEY", "only-for-pictures-only-for-pictures"),
        "SHOP_NAME": os.environ.get("SHOP_NAME", "Morrow & Flax"),
        "STATICFILES_STORAGE": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    }
    return {**os.environ, **ours}


@contextmanager
def _server(environment: dict[str, str]) -> Iterator[str]:
    """The product's own server on a free port, for as long as the pictures take."""
    port = _free_port()
    words = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "config.wsgi:application"]
    running = subprocess.Popen([sys.executable, "-m", *words], cwd=CHECKOUT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/admin/login/", running)
        yield address
    finally:
        running.terminate()
        running.wait(timeout=15)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def _wait_for(page: str, running: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if running.poll() is not None:
            raise SystemExit(f"The server ended with code {running.returncode}.")
        try:
            urllib.request.urlopen(page, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
        else:
            return
    raise SystemExit(f"The server did not answer within {PATIENCE:.0f} s.")


def _take_pictures(address: str, staff: dict[str, str], environment: dict[str, str]) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, BROWSERS)), None),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        returns = _ask(address, environment, "tests.screenshots.stirring")
        picture_desk(browser, address, staff, IMAGES)
        (order,) = _ask(address, environment, "tests.screenshots.customer")
        picture_portal(browser, order, IMAGES)
        picture_returns(browser, returns, IMAGES)
        browser.close()


def _ask(address: str, environment: dict[str, str], program: str) -> list[str]:
    """The links that a program of ours prints, as the customer's mail has them."""
    words = [sys.executable, "-m", program]
    told = subprocess.run(
        words, cwd=CHECKOUT, env={**environment, "PUBLIC_URL": address}, check=True, capture_output=True, text=True
    )
    return told.stdout.split()


if __name__ == "__main__":
    sys.exit(main())
