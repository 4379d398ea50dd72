"""What was measured on: the machine and the versions, without names that identify it."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

from bench.load import wrk_version
from bench.servers import run


def describe_machine() -> str:
    """Processor, cores, memory and system."""
    cpu = re.search(r"model name\s*:\s*(.+)", _read("/proc/cpuinfo"))
    memory = re.search(r"MemTotal:\s*(\d+)", _read("/proc/meminfo"))
    system = re.search(r'PRETTY_NAME="(.+)"', _read("/etc/os-release"))
    parts = [
        cpu[1] if cpu else platform.machine(),
        f"{os.cpu_count()} cores",
        f"{int(memory[1]) / 1024**2:.0f} GB" if memory else "",
        system[1] if system else platform.system(),
    ]
    return ", ".join(filter(None, parts))


def describe_site() -> list[str]:
    """The versions of the site, Python and Django."""
    return [
        f"Tradepost {_commit()}",
        f"Python {platform.python_version()}",
        f"Django {version('django')}",
    ]


def describe_versions() -> list[str]:
    """The versions of the site and of what serves it and its peers."""
    return [
        *describe_site(),
        f"granian {version('granian')}",
        f"wrk {wrk_version()}",
    ]


def _commit() -> str:
    try:
        return run(["git", "describe", "--always", "--dirty"]).strip()
    except (OSError, RuntimeError):
        return "outside git"


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
