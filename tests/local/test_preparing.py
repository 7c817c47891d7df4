from pathlib import Path

import psycopg
import pytest

from config.local.parts import postgres_part
from config.local.places import Places
from config.local.postgres import Cluster
from config.local.preparing import has_demo, note_demo, shared_environment, under_demo_name, wants_demo
from config.local.supervisor import Supervisor


def environment_of(places: Places) -> dict[str, str]:
    return shared_environment(places, secret="ours", broker="", database="postgres://nobody@127.0.0.1:1/nowhere")


def test_the_demo_is_loaded_once_in_the_life_of_a_database(supervisor: Supervisor, cluster: Cluster) -> None:
    supervisor.start(postgres_part(cluster))
    supervisor.wait_for("postgres", patience=60)
    environment = environment_of(supervisor.places) | {"DATABASE_URL": cluster.url}
    assert wants_demo(environment, own_cluster=True)

    note_demo(cluster.url)

    assert has_demo(cluster.url)
    assert not wants_demo(environment, own_cluster=True)
    with psycopg.connect(cluster.url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_database_that_was_brought_along_gets_no_demo_unless_asked_for(places: Places) -> None:
    environment = environment_of(places)

    assert not wants_demo(environment, own_cluster=False)
    assert wants_demo(environment | {"OMS_DEMO": "1"}, own_cluster=False)
    assert not wants_demo(environment | {"OMS_DEMO": "0"}, own_cluster=True)


def test_what_the_caller_has_set_stands_and_the_folder_is_always_named(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "theirs")
    monkeypatch.delenv("HTTPS", raising=False)

    environment = environment_of(places)

    assert (environment["SECRET_KEY"], environment["HTTPS"]) == ("theirs", "0")
    assert Path(environment["OMS_DATA"]) == places.root


def test_the_demo_is_shown_under_its_own_name_unless_another_is_set() -> None:
    assert under_demo_name({"PORT": "1"}) == {"PORT": "1", "SHOP_NAME": "Morrow & Flax"}
    assert under_demo_name({"SHOP_NAME": "Ours"}) == {"SHOP_NAME": "Ours"}
