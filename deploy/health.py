"""The health check of the web container: exits with 1 unless the server answers.

It asks as the reverse proxy does, so that it is not redirected to HTTPS. `localhost` must be in
ALLOWED_HOSTS, as it is by default.
"""

import sys
from http.client import HTTPConnection, HTTPException

TIMEOUT = 4  # seconds


def is_alive(port: int) -> bool:
    """Whether the server on this port answers 200 for /healthz."""
    client = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        client.request(
            "GET", "/healthz", headers={"Host": "localhost", "X-Forwarded-Proto": "https"}
        )
        return client.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        client.close()


if __name__ == "__main__":
    sys.exit(0 if is_alive(int(sys.argv[1]) if len(sys.argv) > 1 else 8000) else 1)
