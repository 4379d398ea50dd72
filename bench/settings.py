"""Production settings for benchmarks, without HTTPS."""

import os

os.environ |= {
    "ENV_FILE": os.devnull,
    "SECRET_KEY": "for-benchmarks-only-not-for-any-real-site-0123456789-abcdefghijk",
    "DEBUG": "off",
    "SECURE_SSL_REDIRECT": "off",
}

from config.settings import *  # noqa: F403
from config.settings import STORAGES

ROOT_URLCONF = "bench.urls"
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
