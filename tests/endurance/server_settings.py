"""Production settings with views that are slow and large."""

from tests.endurance.settings import *  # noqa: F403

ROOT_URLCONF = "tests.endurance.server_urls"
