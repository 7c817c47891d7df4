import os
import signal
from pathlib import Path

import psycopg
import pytest

from config.local.house import PASSWORD, open_house
from config.local.parts import postgres_part
from config.local.places import Places
from config.local.postgres import Cluster
from config.local.stopping import StopWish
from config.local.supervisor import Supervisor
from tests.local.conftest import open_copy
from tests.local.trials import comes_back


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

        with psycopg.connect(cluster.url) as connection:
            connection.execute("CREATE TABLE parcel ()")
        assert ask(cluster.url, "SELECT to_regclass('parcel')") == "parcel"
        assert ask(other.url, "SELECT to_regclass('parcel')") is None
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
