"""Pictures from the network: small enough, soon enough, and from nobody's inner network."""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Collection
from urllib.parse import quote, urljoin, urlsplit

from django.utils.translation import gettext as _

from core.images.uploads import MAX_MEGABYTES

SECONDS_OF_SILENCE = 15
SECONDS = 60
REDIRECTS = 4
PIECE = 64 * 1024  # bytes
AGENT = "Tradepost import"


class NotFetchedError(Exception):
    """Why something could not be fetched, in a sentence."""


class _Connection(http.client.HTTPConnection):
    """A connection to the very address that was looked at, so that the name cannot change hands."""

    def __init__(self, host: str, port: int, secure: bool, private: Collection[str]) -> None:
        super().__init__(host, port, timeout=SECONDS_OF_SILENCE)
        self.secure, self.private = secure, private

    def connect(self) -> None:
        address = _checked(self.host, self.port, self.private)
        self.sock = socket.create_connection((address, self.port), timeout=self.timeout)
        if self.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def fetch(address: str, private: Collection[str] = ()) -> bytes:
    """What is at `address`; only hosts named in `private` may have an address that is not public.

    Raises NotFetchedError.
    """
    try:
        return _fetch(address, private, time.monotonic() + SECONDS)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFetchedError(str(error) or type(error).__name__) from error


def _fetch(address: str, private: Collection[str], deadline: float) -> bytes:
    for _hop in range(REDIRECTS):
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NotFetchedError(_("its address is neither http nor https"))
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        connection = _Connection(parts.hostname, port, secure, private)
        try:
            path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (
                f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
            )
            connection.request("GET", path, headers={"User-Agent": AGENT, "Accept": "image/*"})
            answer = connection.getresponse()
            if answer.status in {301, 302, 303, 307, 308} and answer.headers["Location"]:
                address = urljoin(address, answer.headers["Location"])
                continue
            if answer.status != 200:
                status = {"status": answer.status}
                raise NotFetchedError(_("the server answered %(status)d") % status)
            return _body(answer, deadline)
        finally:
            connection.close()
    raise NotFetchedError(_("it leads on and on"))


def _body(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    data = bytearray()
    while piece := answer.read1(PIECE):
        data += piece
        if len(data) > MAX_MEGABYTES * 1024 * 1024:
            raise NotFetchedError(_("it has more than %(limit)d MB") % {"limit": MAX_MEGABYTES})
        if time.monotonic() > deadline:
            raise NotFetchedError(_("it came too slowly"))
    return bytes(data)


def _checked(host: str, port: int, private: Collection[str]) -> str:
    """The host's address in numbers; refuses one that is not on the public network."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if host not in private:
        for address in addresses:
            if not ipaddress.ip_address(address.partition("%")[0]).is_global:
                raise NotFetchedError(_("%(host)s is not on the public network") % {"host": host})
    return addresses[0]
