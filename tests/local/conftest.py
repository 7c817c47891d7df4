"""Real folders, real servers. Each test has an OMS_DATA of its own, in a place PostgreSQL's account can reach."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.local.house import PASSWORD, open_house, remove_house
from config.local.places import Places
from config.local.postgres import Cluster
from config.local.stopping import StopWish
from config.local.supervisor import Supervisor

OURS = ("DATABASE_URL", "CELERY_BROKER_URL", "OMS_DATA", "PORT", "OMS_DEMO", "OMS_DEMO_CREDENTIALS")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make test` itself runs inside a throw-away database; these tests build their own."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="oms-test-", dir="/tmp")).resolve()
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def places(folder: Path) -> Iterator[Places]:
    ours = Places(folder / "data")
    ours.create()
    yield ours
    remove_house(ours)
    shutil.rmtree(ours.sockets, ignore_errors=True)


@pytest.fixture(scope="session")
def mould() -> Iterator[Places]:
    """One cluster built for all tests: building takes a second and a half, copying a tenth of one."""
    path = Path(tempfile.mkdtemp(prefix="oms-test-mould-", dir="/tmp")).resolve()
    path.chmod(0o755)
    built = Places(path / "data")
    built.create()
    open_house(built, durable=False)
    yield built
    shutil.rmtree(path)


@pytest.fixture
def cluster(supervisor: Supervisor, mould: Places) -> Cluster:
    """Copied, not started."""
    return open_copy(mould, supervisor.places)


def open_copy(mould: Places, places: Places, *, durable: bool = False) -> Cluster:
    shutil.copy2(mould.root / PASSWORD, places.root)
    subprocess.run(["cp", "-a", mould.cluster, places.root], check=True)
    return open_house(places, durable=durable)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(places: Places, said: list[str]) -> Iterator[Supervisor]:
    watching = Supervisor(places, StopWish(), said.append)
    yield watching
    watching.stop()


@pytest.fixture
def bare_environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in OURS}
