"""`make down` and `make reset`: stop what runs here; remove what is stored here, and never anything else."""

import os
import shutil
import sys
from pathlib import Path

from config.local.child import stop_orphans
from config.local.house import remove_house
from config.local.places import CHECKOUT, Places
from config.local.supervisor import STOP_ORDER
from config.local.trouble import Trouble
from config.local.turn import stop_running, take_turn


def bring_down() -> None:
    places = Places.of(os.environ)
    stopped = stop_running(places)
    left = stop_orphans(places, STOP_ORDER) if places.pids.is_dir() and places.marker.exists() else []
    print("Stopped." if stopped or left else "Nothing is running here.")


def reset() -> None:
    places = Places.of(os.environ)
    if not places.root.exists():
        print(f"There is nothing in {places.root}.")
        return
    require_ours(places)
    if not _is_sure(places):
        print("Nothing was removed.")
        return

    stop_running(places)
    with take_turn(places, doing="make reset"):
        stop_orphans(places, STOP_ORDER)
        remove_house(places)
        if not places.sockets.is_relative_to(places.root):
            shutil.rmtree(places.sockets, ignore_errors=True)
        shutil.rmtree(places.root)
    print(f"Removed {places.root}. `make up` starts afresh.")


def require_ours(places: Places) -> None:
    """Two proofs before anything is deleted: our marker lies in it, and no place that matters lies in it."""
    if not places.marker.is_file():
        raise Trouble(f"{places.root} has no file {places.marker.name}, so it is not ours to remove.")
    for precious in (CHECKOUT, Path.home()):
        if precious.is_relative_to(places.root):
            raise Trouble(f"{places.root} contains {precious} and will not be removed.")


def _is_sure(places: Places) -> bool:
    if os.environ.get("YES") == "1" or not sys.stdin.isatty():
        return True
    answer = input(f"Remove the database and everything else in {places.root}? [y/N] ")
    return answer.strip().lower() in ("y", "yes")
