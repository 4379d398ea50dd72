"""One worker for each site on a machine."""

import fcntl
import hashlib
import tempfile
from pathlib import Path
from typing import IO

from django.db import connection


def lock_path() -> Path:
    """The lock file that the workers of one site, that is of one database, share."""
    database = connection.settings_dict
    site = hashlib.sha256(f"{database['HOST']}/{database['NAME']}".encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"tradepost-worker-{site}.lock")


def acquire_lock(file: IO[str]) -> bool:
    """Whether this process is the only worker; the kernel releases the lock when it ends.

    Two workers would send an e-mail twice. The lock of post_office is not sufficient: it stores a
    process ID, and after a worker is killed, a new process with that ID would block all e-mail.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
