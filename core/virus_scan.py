"""Scanning files from outside for viruses with ClamAV's daemon, at CLAMAV_URL."""

import logging
from contextlib import suppress
from time import monotonic
from typing import IO, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings
from django.core.files.base import File

DEFAULT_PORT = 3310
PING_TIMEOUT = 2  # seconds
TIMEOUT = 30  # seconds for each step; unpacking an archive takes some
# After a failure nobody waits for the scanner for so long.
PAUSE = 60  # seconds

logger = logging.getLogger(__name__)

_paused_until = 0.0


class ScanError(Exception):
    """A file could not be scanned."""


class ScannerAwayError(ScanError):
    """The scanner does not respond."""


def is_scanning() -> bool:
    """Whether the site has a scanner."""
    return bool(settings.CLAMAV_URL)


def find_virus(file: File | IO[bytes]) -> str:
    """The name of the virus in a file, or "" if none is known.

    Raises ScanError; ScannerAwayError at once if the scanner did not respond before.
    """
    global _paused_until
    if monotonic() < _paused_until:
        raise ScannerAwayError("The scanner did not respond just now.")
    if not is_responding():
        _paused_until = monotonic() + PAUSE
        raise ScannerAwayError("The scanner does not respond.")
    return _scan(file)


def is_responding() -> bool:
    """Whether the scanner responds now."""
    with suppress(ClamdError, OSError):
        return bool(_client(PING_TIMEOUT).ping())
    return False


def _scan(file: File | IO[bytes]) -> str:
    file.seek(0)
    try:
        result = _client(TIMEOUT).instream(cast(BinaryIO, file))
    except (ClamdError, OSError) as error:
        kind = ScanError if is_responding() else ScannerAwayError
        raise kind(str(error) or type(error).__name__) from error
    finally:
        file.seek(0)
    status, virus = result.get("stream", ("", None))
    if status == "FOUND":
        return virus or "virus"
    if status != "OK":
        raise ScanError(f"The scanner responded {result}.")
    return ""


def _client(timeout: int) -> ClamdNetworkSocket:
    parts = urlsplit(settings.CLAMAV_URL)
    if parts.scheme == "unix":
        return ClamdUnixSocket(unquote(parts.path), timeout)
    return ClamdNetworkSocket(parts.hostname or "", parts.port or DEFAULT_PORT, timeout)
