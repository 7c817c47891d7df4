"""Fill .venv from a lock file, if it is not filled from it already: `python3 -I config/local/environment.py LOCK …`.

Runs before anything is installed, so it stands alone: standard library only, no import from this project.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"


def main(locks: "list[str]") -> int:
    require_ensurepip()
    VENV.mkdir(exist_ok=True)
    with (VENV / ".oms.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not works(PYTHON):
            make_venv()
        for lock in locks:
            if not is_installed(lock):
                install(lock)
    return 0


def works(python: Path) -> bool:
    """A venv breaks when the Python that it was made with goes away; and pip has to be there."""
    try:
        asked = [str(python), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
        return subprocess.run(asked, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    print("Making .venv …", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    if made.returncode != 0:
        sys.exit("Making the virtual environment failed; see above.")


def is_installed(lock: str) -> bool:
    return stamp(lock).exists() and stamp(lock).read_text() == digest(lock)


def install(lock: str) -> None:
    print(f"Installing what {lock} names (a minute or two, only after it changed) …", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run([*pip, "--require-hashes", "-r", str(CHECKOUT / lock)], check=False)
    if done.returncode != 0:
        sys.exit(f"Installing {lock} failed; see above. Nothing else was changed; the next try goes on from here.")
    stamp(lock).write_text(digest(lock))


def stamp(lock: str) -> Path:
    return VENV / f".installed-{lock}"


def digest(lock: str) -> str:
    return hashlib.sha256((CHECKOUT / lock).read_bytes()).hexdigest()


def require_ensurepip() -> None:
    """Debian and Ubuntu keep this part of Python in a package of its own."""
    if works(PYTHON) or has_ensurepip():
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {package} …", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "--yes", "--no-install-recommends", package]):
            subprocess.run(["apt-get", "-qq", *words], check=False, env=quiet, stdin=subprocess.DEVNULL)
    if not has_ensurepip():
        sys.exit(f"Python's venv module is missing. Install it: sudo apt-get install {package}")


def has_ensurepip() -> bool:
    """Asked in a new process: this one would not notice a package that came while it ran."""
    return (
        subprocess.run([sys.executable, "-c", "import ensurepip, venv"], check=False, capture_output=True).returncode
        == 0
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
