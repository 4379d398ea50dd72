"""A short soak, in which web processes, the server and the worker are killed at random."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection


@pytest.mark.skipif(
    connection.vendor != "postgresql"
    or not Path("/usr/lib/postgresql").exists()
    or not shutil.which("redis-server"),
    reason="starts PostgreSQL and Redis",
)
def test_nothing_is_lost_while_processes_are_killed_at_random():
    command = [sys.executable, "-m", "tests.soak", "--minutes=0.8", "--only=is killed"]
    result = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
