import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.local.house import PASSWORD, open_house, remove_house
from config.local.parts import postgres_part
from config.local.places import Places
from config.local.postgres import Cluster
from config.local.stopping import StopWish
from config.local.supervisor import Supervisor
from config.local.trouble import Trouble
from tests.local.conftest import open_copy
from tests.local.trials import comes_back

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to lend PostgreSQL another account")


def start(supervisor: Supervisor, cluster: Cluster) -> None:
    supervisor.start(postgres_part(cluster))
    supervisor.wait_for("postgres", patience=60)


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def test_a_killed_database_comes_back_with_every_committed_row(supervisor: Supervisor) -> None:
    cluster = open_house(supervisor.places)
    start(supervisor, cluster)
    with psycopg.connect(cluster.url) as connection:
        connection.execute("CREATE TABLE parcel AS SELECT generate_series(1, 1000) AS number")
    pid = supervisor.parts["postgres"].child.pid

    os.kill(pid, signal.SIGKILL)

    assert comes_back(supervisor, "postgres", old_pid=pid)
    assert ask(cluster.url, "SELECT count(*) FROM parcel") == 1000
    assert ask(cluster.url, "SHOW fsync") == "on"


def test_two_clusters_run_side_by_side(
    supervisor: Supervisor, cluster: Cluster, mould: Places, folder: Path, said: list[str]
) -> None:
    neighbour = Places(folder / "neighbour")
    neighbour.create()
    beside = Supervisor(neighbour, StopWish(), said.append)
    other = open_copy(mould, neighbour)
    try:
        start(supervisor, cluster)
        start(beside, other)

        for url, name in ((cluster.url, "one"), (other.url, "other")):
            ask(url, f"COMMENT ON DATABASE oms IS '{name}'; SELECT 1")
        comments = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'oms'"
        assert [ask(cluster.url, comments), ask(other.url, comments)] == ["one", "other"]
    finally:
        beside.stop()


def test_the_socket_asks_for_the_password_and_the_owner_is_no_superuser(
    supervisor: Supervisor, cluster: Cluster
) -> None:
    start(supervisor, cluster)

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(cluster.url.replace(cluster.password, "wrong"))
    with pytest.raises(psycopg.OperationalError, match="pg_hba"):
        psycopg.connect(cluster.url.replace("//oms:", "//postgres:"))
    assert ask(cluster.url, "SELECT rolsuper FROM pg_roles WHERE rolname = 'oms'") is False


def test_a_lock_that_names_a_stranger_does_not_keep_the_database_from_starting(
    supervisor: Supervisor, cluster: Cluster
) -> None:
    (cluster.folder / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.folder}\n")

    start(supervisor, cluster)

    assert cluster.answers()


def test_a_server_that_still_runs_on_the_folder_is_stopped_before_the_new_one_starts(
    supervisor: Supervisor, cluster: Cluster, said: list[str]
) -> None:
    forgetful = Supervisor(supervisor.places, StopWish(), said.append)
    start(forgetful, cluster)
    stranger = forgetful.parts["postgres"].child

    start(supervisor, cluster)

    assert not stranger.lives
    assert cluster.answers()


def test_a_lost_password_file_is_made_anew(supervisor: Supervisor, cluster: Cluster) -> None:
    (supervisor.places.root / PASSWORD).unlink()

    after = open_house(supervisor.places, durable=False)
    start(supervisor, after)

    assert after.password != cluster.password
    assert after.answers()


@pytest.fixture
def closed_places(folder: Path) -> Iterator[Places]:
    """An OMS_DATA below a folder that only root may enter, like a checkout in /root."""
    (folder / "closed").mkdir(mode=0o700)
    ours = Places(folder / "closed" / "data")
    ours.create()
    yield ours
    remove_house(ours)


@ROOT_ONLY
def test_below_a_closed_folder_the_database_lives_in_a_refuge_and_the_folder_stays_closed(
    closed_places: Places,
) -> None:
    supervisor = Supervisor(closed_places, StopWish(), print)
    cluster = open_house(closed_places, durable=False)
    try:
        start(supervisor, cluster)

        assert closed_places.cluster.is_symlink()
        assert cluster.account is not None
        assert cluster.folder.stat().st_uid == cluster.account.uid
        assert closed_places.root.parent.stat().st_mode & 0o777 == 0o700
        assert open_house(closed_places, durable=False) == cluster
    finally:
        supervisor.stop()
    remove_house(closed_places)
    assert not cluster.house.exists()


@ROOT_ONLY
def test_a_copied_folder_does_not_share_the_database_of_the_original(closed_places: Places) -> None:
    (closed_places.root / "postgres").symlink_to(refuge_of(closed_places, folder))
    copy = Places(closed_places.root.with_name("copy"))
    copy.create()
    copy.cluster.symlink_to(closed_places.cluster.resolve())

    with pytest.raises(Trouble, match="is a copy of"):
        open_house(copy, durable=False)


@ROOT_ONLY
def test_a_refuge_that_is_gone_is_told_and_not_replaced_by_an_empty_database(closed_places: Places) -> None:
    open_house(closed_places, durable=False)
    remove_house(closed_places)

    with pytest.raises(Trouble, match="that is gone"):
        open_house(closed_places, durable=False)
