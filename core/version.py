"""The version of the site's code."""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def site_release() -> str:
    """The version in pyproject.toml, such as `0.1.0`."""
    project = tomllib.loads(Path(settings.BASE_DIR, "pyproject.toml").read_text())["project"]
    return str(project["version"])
