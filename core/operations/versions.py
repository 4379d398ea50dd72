"""The versions of the site and of what it runs on."""

import platform
from importlib.metadata import version
from typing import NamedTuple

import django
from django.db import connection
from django.utils.translation import gettext as _

from core.page_cache import redis
from core.version import site_release


class Version(NamedTuple):
    """A program and its version."""

    name: str
    number: str


def find_versions() -> list[Version]:
    """The versions of this process and of the services that it uses; raises DatabaseError."""
    database = ".".join(map(str, connection.get_database_version()))
    versions = [
        Version("Tradepost", site_release()),
        Version("Python", platform.python_version()),
        Version("Django", django.get_version()),
        Version("Granian", version("granian")),
        Version(connection.display_name, database),
    ]
    if redis.is_configured():
        versions.append(Version("Redis", _find_redis_version()))
    return versions


def _find_redis_version() -> str:
    try:
        return redis.find_server_version()
    except redis.UnavailableError:
        return _("does not answer")
