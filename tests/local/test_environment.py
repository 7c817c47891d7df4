import shutil
import subprocess
import sys
from pathlib import Path

import pip
import pytest

from config.local import environment


@pytest.fixture
def checkout(folder: Path) -> Path:
    """With a virtual environment that borrows our pip, because making one with its own takes ten seconds."""
    (folder / "config" / "local").mkdir(parents=True)
    shutil.copy(environment.__file__, folder / "config" / "local")
    (folder / "requirements.lock").write_text("# nothing\n")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    [packages] = (folder / ".venv" / "lib").glob("python*/site-packages")
    (packages / "pip").symlink_to(Path(pip.__file__).parent)
    return folder


def fill(checkout: Path) -> str:
    command = [sys.executable, "-I", checkout / "config" / "local" / "environment.py", "requirements.lock"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_environment_is_filled_once_and_again_only_when_the_lock_file_changed(checkout: Path) -> None:
    assert "Installing" in fill(checkout)
    assert fill(checkout) == ""

    (checkout / "requirements.lock").write_text("# still nothing\n")

    assert "Installing" in fill(checkout)
