"""Starts the servers that are compared, and stops them."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# A program and its arguments.
Command = Sequence[str | Path]

ROOT = Path(__file__).resolve().parent.parent
FILES = ROOT / ".bench"
WORKERS = 2
THREADS = 4  # of a worker
START_TIMEOUT = 60  # seconds
STOP_TIMEOUT = 20  # seconds


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen

    def worker_memory(self) -> tuple[float, float]:
        """The memory in MB of the largest process that the server started, on Linux.

        First all that is resident, then with pages that several processes share divided by them.
        """
        return max(map(_memory, self.workers()), default=(0, 0))

    def workers(self) -> list[int]:
        """The processes that the server started; empty on systems other than Linux."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(child) for task in tasks for child in task.read_text().split()]


@contextmanager
def serve(command: Command, port: int, environment: dict[str, str], log: Path) -> Iterator[Server]:
    """Run a server until the block ends; raises RuntimeError with its log if it does not start."""
    with start(command, environment, log) as process:
        deadline = time.monotonic() + START_TIMEOUT
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text()}")
            time.sleep(0.1)
        yield Server(f"http://127.0.0.1:{port}", process)


@contextmanager
def start(command: Command, environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen]:
    """Run a process until the block ends, in its own group, so that Ctrl-C does not reach it."""
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603
            command,
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _kill_group(process)


def run(command: Command, environment: dict[str, str] | None = None) -> str:
    """The output and errors of a command; raises RuntimeError with them if it fails."""
    done = subprocess.run(  # noqa: S603
        command,
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{done.stdout}")
    return done.stdout


def minimal_environment() -> dict[str, str]:
    """The variables that every program needs, without those that set up a site."""
    names = ("PATH", "HOME", "TMPDIR", "LANG")
    return {name: os.environ[name] for name in names if name in os.environ}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _kill_group(process: subprocess.Popen) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _memory(pid: int) -> tuple[float, float]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {line.split()[0]: int(line.split()[1]) for line in lines}
    return kilobytes["Rss:"] / 1024, kilobytes["Pss:"] / 1024
