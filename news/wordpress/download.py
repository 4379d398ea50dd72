"""Downloads files, within limits of size and time, from public IP addresses only."""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Collection
from urllib.parse import quote, urljoin, urlsplit

from django.utils.translation import gettext as _

from core.images.uploads import MAX_MEGABYTES

READ_TIMEOUT = 15  # seconds
SECONDS_PER_MEGABYTE = 6
MAX_REQUESTS = 4  # including redirects
CHUNK_SIZE = 64 * 1024  # bytes
USER_AGENT = "Tradepost import"


class DownloadError(Exception):
    """A failed download; the message is the reason, for the report."""


class _Connection(http.client.HTTPConnection):
    """A connection to the IP address that was checked, so that it cannot change in between."""

    def __init__(self, host: str, port: int, secure: bool, private_hosts: Collection[str]) -> None:
        super().__init__(host, port, timeout=READ_TIMEOUT)
        self.secure, self.private_hosts = secure, private_hosts

    def connect(self) -> None:
        address = _resolve(self.host, self.port, self.private_hosts)
        self.sock = socket.create_connection((address, self.port), timeout=self.timeout)
        if self.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def download(
    url: str, private_hosts: Collection[str] = (), max_megabytes: int = MAX_MEGABYTES
) -> bytes:
    """The file at `url`. Only `private_hosts` may have an IP address that is not public.

    Raises DownloadError.
    """
    deadline = time.monotonic() + SECONDS_PER_MEGABYTE * max_megabytes
    try:
        return _download(url, max_megabytes, private_hosts, deadline)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DownloadError(str(error) or type(error).__name__) from error


def _download(
    url: str, max_megabytes: int, private_hosts: Collection[str], deadline: float
) -> bytes:
    for _attempt in range(MAX_REQUESTS):
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise DownloadError(_("the URL does not start with http or https"))
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        connection = _Connection(parts.hostname, port, secure, private_hosts)
        try:
            path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (
                f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
            )
            connection.request("GET", path, headers={"User-Agent": USER_AGENT, "Accept": "*/*"})
            response = connection.getresponse()
            if response.status in {301, 302, 303, 307, 308} and response.headers["Location"]:
                url = urljoin(url, response.headers["Location"])
                continue
            if response.status != 200:
                status = {"status": response.status}
                raise DownloadError(_("the server returned status %(status)d") % status)
            return _read_body(response, max_megabytes, deadline)
        finally:
            connection.close()
    raise DownloadError(_("too many redirects"))


def _read_body(response: http.client.HTTPResponse, max_megabytes: int, deadline: float) -> bytes:
    data = bytearray()
    while chunk := response.read1(CHUNK_SIZE):
        data += chunk
        if len(data) > max_megabytes * 1024 * 1024:
            raise DownloadError(_("larger than %(limit)d MB") % {"limit": max_megabytes})
        if time.monotonic() > deadline:
            raise DownloadError(_("the download was too slow"))
    return bytes(data)


def _resolve(host: str, port: int, private_hosts: Collection[str]) -> str:
    """The IP address of the host; raises DownloadError for one that is not public."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if host not in private_hosts:
        for address in addresses:
            if not ipaddress.ip_address(address.partition("%")[0]).is_global:
                raise DownloadError(_("%(host)s is not on the public network") % {"host": host})
    return addresses[0]
