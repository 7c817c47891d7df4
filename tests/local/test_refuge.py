"""Root's checkout may lie below a folder that PostgreSQL's account cannot enter; the database then lives elsewhere."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.local.house import NOTE, open_house, remove_house
from config.local.parts import postgres_part
from config.local.places import Places
from config.local.stopping import StopWish
from config.local.supervisor import Supervisor
from config.local.trouble import Trouble


@pytest.fixture
def closed_places(folder: Path) -> Iterator[Places]:
    (folder / "closed").mkdir(mode=0o700)
    ours = Places(folder / "closed" / "data")
    ours.create()
    yield ours
    remove_house(ours)


@pytest.fixture
def refuge(places: Places, folder: Path) -> Path:
    elsewhere = folder / "refuge"
    elsewhere.mkdir()
    (elsewhere / NOTE).write_text(f"{places.root}\n")
    places.cluster.symlink_to(elsewhere)
    return elsewhere


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to lend PostgreSQL another account")
def test_below_a_closed_folder_the_database_takes_refuge_and_the_folder_stays_closed(
    closed_places: Places, said: list[str]
) -> None:
    supervisor = Supervisor(closed_places, StopWish(), said.append)
    cluster = open_house(closed_places, durable=False)
    try:
        supervisor.start(postgres_part(cluster))
        supervisor.wait_for("postgres", patience=60)

        assert cluster.account is not None
        assert cluster.folder.stat().st_uid == cluster.account.uid
        assert closed_places.root.parent.stat().st_mode & 0o777 == 0o700
        assert open_house(closed_places, durable=False) == cluster
    finally:
        supervisor.stop()
    remove_house(closed_places)
    assert not cluster.house.exists()


def test_a_copied_folder_does_not_share_the_database_of_the_original(places: Places, refuge: Path) -> None:
    copy = Places(places.root.with_name("copy"))
    copy.create()
    copy.cluster.symlink_to(refuge)

    with pytest.raises(Trouble, match="is a copy of"):
        open_house(copy)

    remove_house(copy)
    assert refuge.exists()


def test_a_refuge_that_is_gone_is_told_and_not_replaced_by_an_empty_database(places: Places, refuge: Path) -> None:
    (refuge / NOTE).unlink()
    refuge.rmdir()

    with pytest.raises(Trouble, match="that is gone"):
        open_house(places)
