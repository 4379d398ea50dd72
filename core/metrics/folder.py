"""The folder in which the processes of a server share what they count."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client when it is imported


@contextmanager
def folder_for_metrics() -> Iterator[None]:
    """Have prometheus_client keep its numbers in a folder that is deleted with the server."""
    if not settings.HEALTH_KEY:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="tradepost-metrics-") as folder:
        os.environ[FOLDER_VARIABLE] = folder
        yield
