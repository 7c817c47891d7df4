"""What pip cannot install: libraries for documents, fonts, and a browser for the tests.

`python -m config.local.libraries` installs them where that is possible without asking (root on Debian),
and says elsewhere in one line what to install.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

PANGO = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
FONTS = ["fonts-dejavu-core", "fonts-noto-cjk"]
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
LINUX_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0")
HOMEBREW = (Path("/opt/homebrew/lib"), Path("/usr/local/lib"))


def missing_for_documents() -> str:
    """Advice, or nothing. Orders, labels and everything else work without."""
    if _has_pango():
        return ""
    if sys.platform == "darwin":
        return "PDF documents need Pango: brew install pango"
    if shutil.which("apt-get"):
        return f"PDF documents need Pango: sudo apt-get install {' '.join([*PANGO, FONTS[0]])}"
    return "PDF documents need Pango (and a font): install it with this system's package tool"


def homebrew_libraries() -> dict[str, str]:
    """On macOS only Homebrew's own Python looks for libraries in Homebrew's folders."""
    found = [str(folder) for folder in HOMEBREW if sys.platform == "darwin" and folder.is_dir()]
    return {"DYLD_FALLBACK_LIBRARY_PATH": ":".join(found)} if found else {}


def install_for_tests() -> None:
    missing = _missing_packages()
    if missing and os.geteuid() == 0 and _distribution() == "debian":
        print(f"Installing {' '.join(missing)} …", flush=True)
        _apt_get("update")
        _apt_get("install", "--yes", "--no-install-recommends", *missing)
        missing = _missing_packages()
    if missing and shutil.which("apt-get"):
        print(f"Some tests need more than pip installs: sudo apt-get install {' '.join(missing)}")
    elif advice := missing_for_documents():
        print(advice)
    if not _has_browser():
        print("Browser tests need Chromium: .venv/bin/python -m playwright install --with-deps chromium")


def _missing_packages() -> list[str]:
    """By Debian's own book; Ubuntu's chromium is a snap, which apt cannot install everywhere."""
    if not shutil.which("dpkg-query"):
        return []
    wanted = [*PANGO, *FONTS]
    if not _has_browser() and _distribution() == "debian":
        wanted.append("chromium")
    return [name for name in wanted if not _is_installed(name)]


def _is_installed(package: str) -> bool:
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout == "installed"


def _apt_get(*words: str) -> None:
    """Its failure is no reason to stop: what is still missing is said afterwards."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *words], check=False, stdin=subprocess.DEVNULL, env={**os.environ, **quiet})


def _has_pango() -> bool:
    if sys.platform == "darwin":
        return any((folder / "libpango-1.0.dylib").exists() for folder in HOMEBREW)
    return all(_loads(name) for name in LINUX_LIBRARIES)


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _has_browser() -> bool:
    own = Path.home() / (".cache/ms-playwright" if sys.platform == "linux" else "Library/Caches/ms-playwright")
    return any(shutil.which(name) for name in BROWSERS) or any(own.glob("chromium*"))


def _distribution() -> str:
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return ""
    return next((line[3:].strip('"') for line in lines if line.startswith("ID=")), "")


if __name__ == "__main__":
    install_for_tests()
