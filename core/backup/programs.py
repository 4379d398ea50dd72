"""Running other programs."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.backup.errors import BackupError
from core.time_limits import time_left


def run(command: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end; raises BackupError if the time limit is over first."""
    try:
        return subprocess.run(command, check=False, timeout=time_left(), **options)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise BackupError(was_ended(str(command[0]))) from error


def was_ended(program: str) -> str:
    """What the log says of a program that was ended at the limit."""
    return f"{program} was ended because it took longer than the time limit."
