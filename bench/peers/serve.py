"""`python -m bench.peers.serve APPLICATION PORT`: serves a peer with the site's granian options."""

import sys

from granian import Granian

from bench.servers import THREADS, WORKERS
from core.server.options import GRANIAN_OPTIONS

if __name__ == "__main__":
    application, port = sys.argv[1:]
    Granian(
        application,
        port=int(port),
        workers=WORKERS,
        blocking_threads=THREADS,
        **GRANIAN_OPTIONS,
    ).serve()
