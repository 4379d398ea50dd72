"""What may happen to a running site. Each fault strikes, lasts for some seconds, and is over."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from tests.soak.mail_server import FailingMailServer
from tests.soak.site import Site

SECONDS = (2.0, 6.0)  # that a fault lasts
HANGING_SECONDS = (21.0, 23.0)  # longer than the site waits for a mail server
PAUSE = (1.0, 4.0)  # seconds between two faults
UNNOTICED = 2.0  # seconds for which a process may not have tried again what works again
REDIS_KILLED = "Redis is killed"
SMALL_DISK = "16m"
HOUR = "3600"  # seconds


class Strike(NamedTuple):
    """A fault that struck; the times are seconds of the epoch."""

    name: str
    started: float
    ended: float
    recovered: float

    def excuses(self, started: float, ended: float) -> bool:
        """Whether something between these times may have failed because of it."""
        return started <= self.recovered + UNNOTICED and ended >= self.started


@contextmanager
def kill_web_process(site: Site) -> Iterator[None]:
    os.kill(site.web.workers()[0], signal.SIGKILL)
    yield


@contextmanager
def kill_web_server(site: Site) -> Iterator[None]:
    site.web.process.end()
    yield
    site.web.process.start()


@contextmanager
def restart_web_server(site: Site) -> Iterator[None]:
    site.web.stop()
    site.web.process.process.wait()
    site.web.process.start()
    yield


@contextmanager
def kill_worker(site: Site) -> Iterator[None]:
    site.worker.kill()
    yield


@contextmanager
def stop_database(site: Site, how: signal.Signals) -> Iterator[None]:
    site.database.stop(how)
    yield
    site.database.start()


@contextmanager
def kill_redis(site: Site) -> Iterator[None]:
    site.cache.stop(signal.SIGKILL)
    yield
    site.cache.start()


@contextmanager
def disturb_mail(site: Site, fault: str) -> Iterator[None]:
    site.mail.fault = fault
    yield
    site.mail.fault = ""


@contextmanager
def fill_disk(site: Site) -> Iterator[None]:
    """Fill the file system of the private files, which `small_disk` has mounted."""
    path = Path(settings.PRIVATE_ROOT) / "filler"
    with path.open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))
    yield
    path.unlink()


@contextmanager
def set_clock_back(site: Site) -> Iterator[None]:
    site.clock.write_text(HOUR)
    yield
    site.clock.write_text("0")


@contextmanager
def small_disk() -> Iterator[str]:
    """Give the private files a small file system; returns why it cannot, or an empty text."""
    folder = Path(settings.PRIVATE_ROOT)
    folder.mkdir(exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", folder]
    mounted = subprocess.run(["/bin/mount", *options], capture_output=True, text=True, check=False)
    if mounted.returncode:
        yield mounted.stderr.strip()
        return
    try:
        yield ""
    finally:
        subprocess.run(["/bin/umount", "--lazy", folder], check=True)


Fault = Callable[[Site], AbstractContextManager[None]]
FULL_DISK = "the disk is full"
CLOCK = "the clock is set back by an hour"
HANGING = "the mail server hangs"
DATABASE_FAULTS = {
    "PostgreSQL is stopped": partial(stop_database, how=signal.SIGINT),
    "PostgreSQL is killed": partial(stop_database, how=signal.SIGQUIT),
}
MAIL_FAULTS = {
    f"the mail server {fault}": partial(disturb_mail, fault=fault)
    for fault in FailingMailServer.FAULTS
}
FAULTS: dict[str, Fault] = {
    "a web process is killed": kill_web_process,
    "the web server is killed": kill_web_server,
    "the web server is restarted": restart_web_server,
    "the worker is killed": kill_worker,
    **DATABASE_FAULTS,
    REDIS_KILLED: kill_redis,
    **MAIL_FAULTS,
    FULL_DISK: fill_disk,
    CLOCK: set_clock_back,
}


def strike_at_random(
    site: Site, names: list[str], seconds: float, report: Callable[[str], object]
) -> list[Strike]:
    """Let one fault after another strike, each as often as the others, for so many seconds."""
    source, strikes, deck = site.random("faults"), [], list[str]()
    until = time.time() + seconds
    while time.time() < until and not site.is_over.is_set():
        if not deck:
            deck = source.sample(names, len(names))
        name = deck.pop()
        time.sleep(source.uniform(*PAUSE))
        started = time.time()
        with FAULTS[name](site):
            time.sleep(source.uniform(*(HANGING_SECONDS if name == HANGING else SECONDS)))
        ended = time.time()
        site.wait_until_healthy()
        strikes.append(Strike(name, started, ended, time.time()))
        report(f"{name}; recovered {strikes[-1].recovered - ended:.1f} s after its end")
    return strikes
