"""Passwords that are known from breaches, as Pwned Passwords publishes them (SHA-1, in capitals).

Looked up in its list, a file of lines `HASH:COUNT` that are sorted by the hash, or with its range
protocol, which gives all hashes with the same first five digits and so is not told the password.
"""

import hashlib
import re
import time
import urllib.request
from bisect import bisect_left
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from django.views.decorators.debug import sensitive_variables

PREFIX_LENGTH = 5  # digits that are sent
HASH_LENGTH = 40
TIMEOUT = 2  # seconds
MAX_BYTES = 1024 * 1024  # of a response, which has about 40 KB
LINE = re.compile(rb"([0-9A-F]{35}):(\d+)", re.IGNORECASE)
HASH = re.compile(rb"[0-9A-F]{40}")


class LookUpError(Exception):
    """Whether a password is known cannot be found out now."""


@sensitive_variables("password", "digest")
def is_breached(password: str, url: str) -> bool:
    """Whether the password is in the list at `url`: a `file:` URL, or that of a range service.

    Raises LookUpError.
    """
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    parts = urlsplit(url)
    try:
        if parts.scheme == "file":
            return _is_in_file(digest, Path(unquote(parts.path)))
        prefix, suffix = digest[:PREFIX_LENGTH].decode(), digest[PREFIX_LENGTH:]
        return suffix in _find_suffixes(f"{url.rstrip('/')}/{prefix}")
    except (OSError, HTTPException, ValueError) as error:
        raise LookUpError(str(error) or type(error).__name__) from error


def _find_suffixes(url: str) -> set[bytes]:
    """The rest of each hash that begins with the prefix in the URL."""
    # Lines with a count of zero hide how many there are from who sees the length of the response.
    request = urllib.request.Request(url, headers={"Add-Padding": "true"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310  # nosec B310
        matches = [LINE.fullmatch(line) for line in b"".join(_read(response)).split()]
    if not matches or not all(matches):
        raise ValueError("The response is no list of hashes.")
    return {match[1].upper() for match in matches if match and int(match[2])}


def _read(response: BinaryIO) -> Iterator[bytes]:
    deadline, size = time.monotonic() + TIMEOUT, 0
    while chunk := response.read1():  # type: ignore[attr-defined]
        size += len(chunk)
        if size > MAX_BYTES or time.monotonic() > deadline:
            raise ValueError("The response is too long or too slow.")
        yield chunk


def _is_in_file(digest: bytes, path: Path) -> bool:
    with path.open("rb") as file:

        def hash_after(offset: int) -> bytes:
            """The hash of the first line that begins at `offset` or after it."""
            file.seek(max(offset - 1, 0))
            if offset:
                file.readline()
            found = file.read(HASH_LENGTH).upper()
            if not found:
                return b"~"  # the end is greater than all hashes
            if not HASH.fullmatch(found):
                raise ValueError("The file is no list of SHA-1 hashes.")
            return found

        size = path.stat().st_size
        place = bisect_left(range(size), digest, key=hash_after)
        return hash_after(place) == digest
