"""Calling addresses that somebody typed in, so that nobody can make us call our own house (SSRF).

A name is resolved once, every address it has must be public, and the connection goes to the very address that was
looked at: a name that answers differently the second time (DNS rebinding) gains nothing. TLS is still checked against
the name. Redirects and proxies of the environment are not followed.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable
from functools import cache

import httpcore
import httpx

from oms.patience import PatientBackend

Resolve = Callable[[str, int], list[str]]
"""From a host and a port to its addresses."""

CONNECT_SECONDS = 5.0

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SET_ASIDE = [
    *map(ipaddress.ip_network, ("192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24")),
    *map(ipaddress.ip_network, ("2001::/23", "3fff::/20")),
]


class AddressRefused(Exception):
    """The address is not one that we call."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of the name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """An address of the open internet; also where an IPv4 address is wrapped into an IPv6 one.

    What IANA's special-purpose registries set aside is not, whether or not this Python's tables know of it yet.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inner:
            return is_public(str(inner))
        if ip in _NAT64:  # it leads to the IPv4 address in its last 32 bits
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip not in _GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _SET_ASIDE)


def is_reserved_port(port: int) -> bool:
    """A system's port other than that of https: mail, shells, databases of the network's own."""
    return port < 1024 and port != 443


class PinnedTransport(httpx.HTTPTransport):
    """Connects to the address that was checked, by the name that was asked for."""

    def __init__(self, *, allow_private: bool = False, lookup: Resolve = resolve) -> None:
        super().__init__(verify=_trusted(), trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=PatientBackend())
        self.allow_private = allow_private
        self.lookup = lookup

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host, port = request.url.host, request.url.port or (443 if request.url.scheme == "https" else 80)
        if request.url.scheme != "https" and not self.allow_private:
            raise AddressRefused("Only https addresses are called.")
        if not self.allow_private and is_reserved_port(port):
            raise AddressRefused(f"Port {port} belongs to another service than the web.")
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=self._choose(host, port))
        return super().handle_request(request)

    def _choose(self, host: str, port: int) -> str:
        try:
            addresses = self.lookup(host, port)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"{host} has no address.") from error
        if not addresses:
            raise httpx.ConnectError(f"{host} has no address.")
        if not self.allow_private and not all(is_public(address) for address in addresses):
            raise AddressRefused(f"{host} lies in a private network.")
        return addresses[0]


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the authorities takes longer than a call."""
    return httpx.create_ssl_context()


def open_client(*, timeout: float, allow_private: bool = False, lookup: Resolve = resolve) -> httpx.Client:
    """A client for one conversation. `timeout` is in seconds, for each piece that is waited for."""
    return httpx.Client(
        transport=PinnedTransport(allow_private=allow_private, lookup=lookup),
        timeout=httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
        follow_redirects=False,
        trust_env=False,
    )
