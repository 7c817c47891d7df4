import os
from pathlib import Path

import pytest

from config.local.places import LONGEST_SOCKET_NAME, LONGEST_SOCKET_PATH, Places, keep_secret, own_folder
from config.local.trouble import Trouble


def length_of_socket_path(places: Places) -> int:
    return len(os.fsencode(places.sockets / LONGEST_SOCKET_NAME))


def test_sockets_lie_inside_as_long_as_the_path_is_short_enough(folder: Path) -> None:
    places = Places(folder / "data")

    assert places.sockets.is_relative_to(places.root)
    assert length_of_socket_path(places) <= LONGEST_SOCKET_PATH


def test_a_long_path_gets_a_short_private_socket_folder_of_its_own(folder: Path) -> None:
    one, other = Places(folder / ("ä" * 40)), Places(folder / ("ö" * 40))
    one.create()

    assert length_of_socket_path(one) <= LONGEST_SOCKET_PATH
    assert one.sockets != other.sockets
    assert one.sockets.stat().st_mode & 0o066 == 0
    one.sockets.rmdir()


def test_a_socket_folder_prepared_by_somebody_else_is_refused(folder: Path) -> None:
    (folder / "trap").symlink_to("/")

    with pytest.raises(Trouble, match="is not ours"):
        own_folder(folder / "trap")


def test_a_secret_is_kept_and_only_its_owner_can_read_it(folder: Path) -> None:
    secret = keep_secret(folder / "secret_key")

    assert keep_secret(folder / "secret_key") == secret
    assert len(secret) >= 50
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_secret_that_became_readable_is_closed_again(folder: Path) -> None:
    keep_secret(folder / "secret_key")
    (folder / "secret_key").chmod(0o644)

    keep_secret(folder / "secret_key")

    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_folder_with_other_things_in_it_is_refused_and_left_alone(folder: Path) -> None:
    (folder / "thesis.txt").write_text("years of work")

    with pytest.raises(Trouble, match="holds other things"):
        Places(folder).create()

    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]
