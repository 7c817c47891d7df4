"""Where the database lives, and as whom: inside OMS_DATA, unless its account cannot come there."""

import shutil
import tempfile
from pathlib import Path

from config.local.accounts import Account, enterable, may_enter, server_account
from config.local.pgprograms import find_programs, readable_programs
from config.local.places import Places, fingerprint, keep_secret, own_folder, private_mode
from config.local.postgres import Cluster, socket_url
from config.local.trouble import Trouble

REFUGES = (Path("/var/lib"), Path("/var/tmp"), Path("/tmp"))  # noqa: S108 - a fresh folder is made in it
NOTE = "belongs-to"
PASSWORD = "postgres_password"  # noqa: S105 - the name of a file


def open_house(places: Places, *, durable: bool = True) -> Cluster:
    """The cluster of this OMS_DATA, built if it is not there yet, not started."""
    account = server_account()
    house = _house(places, account)
    existing = house / "data"
    made_by = None
    if existing.exists():
        account = Account.owning(existing) if account else None
        made_by = int((existing / "PG_VERSION").read_text())
    if not may_enter(house, account):
        raise Trouble(f"The database's user {account.name if account else ''} can no longer enter {house}.")

    forgotten = made_by is not None and not (places.root / PASSWORD).exists()
    cluster = Cluster(
        programs=readable_programs(find_programs(made_by=made_by), house, account),
        house=house,
        sockets=_sockets(places, house) / "pg",
        password=keep_secret(places.root / PASSWORD, length=24),
        account=account,
        durable=durable,
    )
    cluster.build()
    if forgotten:
        cluster.set_password()
    return cluster


def known_url(places: Places) -> str:
    """Of a cluster that is there, without opening it; it need not be running."""
    house = places.cluster.resolve()
    if not (house / "data").exists():
        raise Trouble(f"There is no database in {places.root} yet: `make up` makes it.")
    return socket_url(_sockets(places, house) / "pg", keep_secret(places.root / PASSWORD))


def remove_house(places: Places) -> None:
    """A refuge is removed only if its own note says that it belongs to this OMS_DATA."""
    link = places.cluster
    if not link.is_symlink():
        return
    refuge = link.resolve()
    note = refuge / NOTE
    if note.exists() and note.read_text().strip() == str(places.root):
        shutil.rmtree(refuge)


def _house(places: Places, account: Account | None) -> Path:
    link = places.cluster
    if link.is_symlink() and not link.exists():
        raise Trouble(
            f"The database of this installation was in {link.readlink()}, and that is gone. "
            "Bring it back, or start over with `make reset`."
        )
    if link.is_symlink():
        _check_note(link.resolve() / NOTE, places.root)
    if link.exists():
        return link.resolve()
    if may_enter(places.root, account):
        link.mkdir()
        link.chmod(private_mode())
        return link
    return _make_refuge(places, account)


def _sockets(places: Places, house: Path) -> Path:
    """A server in a refuge cannot reach OMS_DATA, and its clients can reach the refuge."""
    if not places.cluster.is_symlink():
        return places.sockets
    own_folder(house / "run")
    return house / "run"


def _make_refuge(places: Places, account: Account | None) -> Path:
    """OMS_DATA lies below a folder that is closed to PostgreSQL's account, such as root's home.

    Opening that folder is not ours to do, so the database goes to a new folder elsewhere, and a link leads there.
    """
    parent = enterable(REFUGES, account)
    refuge = Path(tempfile.mkdtemp(prefix=f"oms-{fingerprint(str(places.root))}-", dir=parent))
    refuge.chmod(private_mode())
    (refuge / NOTE).write_text(f"{places.root}\n")
    places.cluster.symlink_to(refuge)
    return refuge


def _check_note(note: Path, root: Path) -> None:
    """A folder that was moved takes its database along; a folder that was copied must not share one."""
    if not note.exists() or note.read_text().strip() == str(root):
        return
    before = Path(note.read_text().strip()) / "postgres"
    if before.is_symlink() and before.resolve() == note.parent:
        raise Trouble(
            f"{root} is a copy of {before.parent}, and its database is still the one of the original. "
            f"Remove {root} to start with an empty one."
        )
    note.write_text(f"{root}\n")
