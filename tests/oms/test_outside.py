import httpx
import pytest

from oms.outside import AddressRefused, is_public, open_client
from tests.fakes.serving import Answered, Asked, Double


class Echo(Double):
    def answer(self, asked: Asked) -> Answered:
        if asked.path == "/away":
            return Answered(302, {}, {"Location": "http://127.0.0.1:1/"})
        return Answered(200, {"host": asked.headers["host"]})


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "::127.0.0.1",
        "64:ff9b:1::a00:1",
        "fec0::1",
        "3fff::1",
        "5f00::1",
        "192.0.0.192",
        "192.88.99.1",
    ],
)
def test_addresses_of_our_own_house_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_addresses_of_the_open_internet_are(address):
    assert is_public(address)


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::1"]])
def test_a_name_is_called_only_when_all_its_addresses_are_public(addresses):
    with open_client(timeout=1, lookup=lambda host, port: addresses) as client, pytest.raises(AddressRefused):
        client.get("https://shop.example/")


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/"])
def test_an_address_written_as_a_number_is_seen_through(url):
    with open_client(timeout=1) as client, pytest.raises(AddressRefused):
        client.get(url)


def test_plain_http_is_refused():
    with open_client(timeout=1, lookup=lambda host, port: ["93.184.215.14"]) as client, pytest.raises(AddressRefused):
        client.get("http://shop.example/")


def test_the_connection_goes_to_the_address_that_was_looked_at_and_nowhere_else():
    """Whoever answers a harmless address first and a private one later gains nothing: the name is asked once."""
    asked: list[str] = []

    def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with Echo() as server, open_client(timeout=2, allow_private=True, lookup=lookup) as client:
        port = server.url.rpartition(":")[2]
        answer = client.get(f"http://shop.example:{port}/")

    assert asked == ["shop.example"]
    assert answer.json() == {"host": f"shop.example:{port}"}


def test_redirects_are_not_followed():
    with Echo() as server, open_client(timeout=2, allow_private=True) as client:
        assert client.get(f"{server.url}/away").status_code == 302


def test_a_name_without_address_cannot_be_reached():
    with open_client(timeout=1, lookup=lambda host, port: []) as client, pytest.raises(httpx.ConnectError):
        client.get("https://nowhere.example/")
