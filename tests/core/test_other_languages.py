"""Any languages, in any order, by the setting LANGUAGES alone."""

import os
import re
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def database(tmp_path) -> dict[str, str]:
    """The environment for a copy of this database, which was migrated for other languages.

    PostgreSQL copies no database that is in use, so that a new one is migrated.
    """
    if connection.vendor == "sqlite":
        path = str(tmp_path / "copy.sqlite3")
        source = sqlite3.connect(connection.settings_dict["NAME"])
        with source, sqlite3.connect(path) as copy:
            source.backup(copy)
        return {"TEST_DATABASE": path}
    url = os.environ["DATABASE_URL"]
    return {"DATABASE_URL": f"{url}_{os.environ.get('PYTEST_XDIST_WORKER', '')}_languages"}


# A single one, and a first one into which the interface is not translated.
@pytest.mark.parametrize("languages", ["es", "de,en,ko"])
def test_a_site_in_other_languages_works(database, languages):
    environment = os.environ | database | {"TEST_LANGUAGES": languages}
    options = "--quiet --maxfail=3 -p no:cacheprovider -p no:xdist"
    if "TEST_DATABASE" in database:
        options += " --reuse-db"
    command = f"-m pytest tests/other_languages {options}"
    result = subprocess.run(
        [sys.executable, *command.split()],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert int(re.search(r"(\d+) passed", result.stdout)[1]) >= 10
