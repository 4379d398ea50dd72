"""`upgrade` does all that new code needs, and stops before it changes anything without a backup."""

import signal

from tests.endurance.backup.site import Site, new_database

CHANGES = """
from core.page_cache.models import ContentChange
print(ContentChange.objects.filter(tag="site").count())
"""

# Ends the process as the kernel does when memory runs out, after so many statements.
KILLED_MIGRATION = """
import os, signal
from itertools import count
from django.core.management import call_command
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
execute, numbers = BaseDatabaseSchemaEditor.execute, count(1)
def execute_and_end(self, *args, **kwargs):
    execute(self, *args, **kwargs)
    if next(numbers) == {statements}:
        os.kill(os.getpid(), signal.SIGKILL)
BaseDatabaseSchemaEditor.execute = execute_and_end
call_command("migrate", verbosity=0)
"""
SCHEMA = """
from django.contrib.auth.models import Group
from django.db import connection
queries = {
    "sqlite": ["SELECT name, sql FROM sqlite_master WHERE name <> 'sqlite_sequence' ORDER BY 1"],
    "postgresql": [
        "SELECT table_name, column_name, data_type, is_nullable, column_default"
        " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " ORDER BY 1, 2",
    ],
}
with connection.cursor() as cursor:
    for query in queries[connection.vendor]:
        cursor.execute(query)
        print(*cursor.fetchall(), sep="\\n")
roles = Group.objects.order_by("name", "permissions__codename", "permissions__content_type__model")
print(*roles.values_list("name", "permissions__codename"), sep="\\n")
"""


def test_an_upgrade_backs_up_migrates_collects_and_renews_the_pages(site, tmp_path):
    site.run("migrate", "backup", "zero")
    before = int(site.python(CHANGES))
    output = site.run("upgrade", STATIC_ROOT=str(tmp_path / "static"))
    steps = [line for line in output.splitlines() if line.endswith("…")]
    assert steps == [
        "Checking the settings …",
        "Backing up …",
        "Migrating the database …",
        "Collecting the static files …",
        "Renewing all pages …",
    ]
    assert "with the same numbers of rows" in output
    assert "Restart the web server and the worker now." in output
    assert len(site.archives()) == 1
    assert "[ ]" not in site.run("showmigrations")
    assert (tmp_path / "static/css/site.css").exists()
    assert int(site.python(CHANGES)) == before + 1


def test_without_a_backup_nothing_is_changed(site, tmp_path):
    (tmp_path / "backups").write_text("no folder")
    result = site.manage("upgrade", STATIC_ROOT=str(tmp_path / "static"))
    assert result.returncode == 1
    assert "The folder for backups cannot be used" in result.stderr
    assert "Migrating" not in result.stdout
    assert not (tmp_path / "static").exists()


def test_a_migration_that_was_killed_is_completed_by_the_next_upgrade(
    filled_site, tmp_path, django_db_blocker
):
    with django_db_blocker.unblock(), new_database(tmp_path) as url:
        site = Site(tmp_path, url)
        missing = []
        for statements in (1, 12, 60):  # each goes on where the one before was killed
            killed = site.start(KILLED_MIGRATION.format(statements=statements))
            assert killed.wait() == -signal.SIGKILL
            missing.append(site.run("showmigrations").count("[ ]"))
        assert missing == sorted(missing, reverse=True)
        assert missing[0] > missing[-1] > 0
        site.run("upgrade", "--no-backup", STATIC_ROOT=str(tmp_path / "static"))
        assert "[ ]" not in site.run("showmigrations")
        schema = site.python(SCHEMA)
    assert schema == filled_site.python(SCHEMA)
    assert len(schema.splitlines()) > 300
