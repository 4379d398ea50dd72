"""Production settings with a clock that the file CLOCK sets back, by the seconds that it contains.

It is the clock of this machine; PostgreSQL and Redis have their own, as on other machines.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone

from tests.endurance.settings import *  # noqa: F403

_CLOCK = Path(os.environ["CLOCK"])
_true_time = time.time


def _time() -> float:
    return _true_time() - float(_CLOCK.read_text() or 0)


time.time = _time
timezone.now = lambda: datetime.fromtimestamp(_time(), UTC)
