"""`make soak`: use a site and let its parts fail at random, then check that nothing was lost.

Exits with 1 if something was lost or went wrong without a fault.
"""

import argparse
import os
import secrets
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import django

from tests.soak.services import PostgreSql, Redis


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=7, help="of load; default: 7")
    parser.add_argument("--seed", type=int, help="of people and faults; default: random")
    parser.add_argument("--only", default="", help="faults with this in their name")
    parser.add_argument("--write", action="store_true", help="the figures to docs/reliability.md")
    options = parser.parse_args()
    options.seed = secrets.randbelow(10**6) if options.seed is None else options.seed
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that all processes are ended
    print(f"Seed {options.seed}: the same people and faults with --seed {options.seed}", flush=True)
    with ExitStack() as started:
        folder = Path(started.enter_context(tempfile.TemporaryDirectory(prefix="tradepost-soak-")))
        folder.chmod(0o755)  # PostgreSQL runs as another user
        database = started.enter_context(PostgreSql(folder / "postgresql"))
        cache = started.enter_context(Redis(folder / "redis"))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database.url,
            "CACHE_URL": cache.url,
        }
        django.setup()
        from tests.soak.run import run_soak  # needs the settings

        return run_soak(folder, database, cache, options)


if __name__ == "__main__":
    sys.exit(main())
