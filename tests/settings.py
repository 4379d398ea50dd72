"""The site's settings, independent of `.env` and of earlier runs."""

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit

SCRATCH = tempfile.mkdtemp(prefix="tradepost-test-")
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

ENVIRONMENT = {
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "DEBUG": "off",
    "DEMO": "on",
    "ADMIN_PATH": "admin",
    "ENV_FILE": os.devnull,
    "EMAIL_URL": "smtp://127.0.0.1:1025",
    "INQUIRY_RATE": "20/h",
    "LANGUAGES": os.environ.get("TEST_LANGUAGES", "en,zh-hans,ar"),
    "MEDIA_ROOT": os.path.join(SCRATCH, "media"),
    "PRIVATE_ROOT": tempfile.mkdtemp(prefix="tradepost-private-"),
    "PROOF_OF_WORK": "off",
    "PROXY_COUNT": "0",
    "SECRET_KEY": "a-key-for-tests-that-is-long-enough-to-be-taken-for-a-real-one-0123456789",
    "SESSION_IDLE_TIME": "0",  # tests move the clock by days
    "SITE_URL": "http://testserver",
    "TIME_ZONE": "UTC",
    # Tests speak plain HTTP; test_settings.py tests the defaults.
    "SECURE_SSL_REDIRECT": "off",
    "SESSION_COOKIE_SECURE": "off",
    "CSRF_COOKIE_SECURE": "off",
}
os.environ.update(ENVIRONMENT)

from config.settings import *  # noqa: E402, F403
from config.settings import CACHES, DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The manifest needs `collectstatic` first; test_deployment.py runs it.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, which threads and processes share as on a real site.
    name = os.environ.get("TEST_DATABASE", os.path.join(SCRATCH, "test.sqlite3"))
    DATABASES["default"]["TEST"] = {"NAME": name}
# Each test process has its own Redis database: that of CACHE_URL and those after it.
if CACHES["default"]["LOCATION"].startswith("redis://"):
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    parts = urlsplit(CACHES["default"]["LOCATION"])
    number = (int(parts.path.strip("/") or 0) + worker) % 16
    CACHES["default"]["LOCATION"] = parts._replace(path=f"/{number}").geturl()
