"""Backing up and restoring a PostgreSQL database with its own programs.

The rows are counted in the snapshot that `pg_dump` reads, so other processes may write meanwhile.
"""

import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import Error, connection
from django.db.backends.postgresql.client import DatabaseClient

from core.backup import programs
from core.backup.contents import Contents, read_contents
from core.backup.errors import BackupError, DamagedError
from core.time_limits import call_at_limit, time_left

FILE = "database.dump"
MAX_NAME_LENGTH = 48  # of the part of a scratch database's name that is the site's
SCRATCH_TIMEOUT = 60_000  # milliseconds to create or drop a scratch database

logger = logging.getLogger(__name__)

# Ownership and permissions are those of the account that restores. Comments on extensions are left
# out, because only the owner of an extension may write them.
RESTORE = ("pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--file=-")
# Ends the rows of a table that is not complete, and the transaction with an error.
ABORT = b"\n\\.\nSELECT the_dump_is_not_complete;\n"
DROP_TABLES = """
DO $$ DECLARE found record; BEGIN
    FOR found IN
        SELECT schemaname, tablename FROM pg_tables WHERE schemaname = current_schema()
    LOOP
        EXECUTE format('DROP TABLE %I.%I CASCADE', found.schemaname, found.tablename);
    END LOOP;
END $$;
"""


def dump(path: Path) -> Contents:
    """Write the site's database to a new file at `path`. Raises BackupError."""
    with _connected() as snapshot, snapshot.cursor() as cursor:
        # The transaction is idle while pg_dump reads, which may take long.
        cursor.execute("SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0")
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [name] = cursor.fetchone()
        options = ["--format=custom", f"--snapshot={name}", f"--file={path}"]
        _run(*_command("pg_dump", options))
        return _contents(snapshot)


def check(path: Path) -> Contents:
    """What the database in the file has, once it is restored into a scratch database.

    Raises DamagedError if it cannot be, and BackupError if no database may be created.
    """
    name = f"{connection.settings_dict['NAME'][:MAX_NAME_LENGTH]}_backup_check"
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    with _connected() as main, main.cursor() as cursor:
        # A backend that is stopped would make the server wait with these for ever.
        cursor.execute(f"SET statement_timeout = {SCRATCH_TIMEOUT}")
        try:
            cursor.execute(drop)  # in case an earlier check was killed
            cursor.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        except Error as error:
            raise BackupError(
                "The backup cannot be verified, since its database user may not create a scratch"
                f" database: run `ALTER ROLE … CREATEDB` as administrator. ({_first_line(error)})"
            ) from error
        try:
            _load(path, b"", name)
            with _connected(name) as copy:
                return _contents(copy)
        finally:
            try:
                cursor.execute(drop)
            except Error:
                logger.warning("The scratch database %s stays until the next check.", name)


def restore(path: Path) -> None:
    """Replace the tables of the site's database, in one transaction, by those of the file."""
    connection.close()
    _load(path, DROP_TABLES.encode(), connection.settings_dict["NAME"])


def contents() -> Contents:
    """What the site's database has."""
    with _connected() as site:
        return _contents(site)


def _load(path: Path, before: bytes, database: str) -> None:
    """Run the SQL `before` and then that of the dump. Raises DamagedError; all or nothing is done.

    psql runs the statements in one transaction and stops at the first that fails.
    """
    options = ["--quiet", "--no-psqlrc", "--single-transaction", "-v", "ON_ERROR_STOP=1"]
    command, environment = _command("psql", [*options, f"--output={os.devnull}", "-f-"], database)
    _require(RESTORE[0])
    reason = b""
    with tempfile.TemporaryFile() as problems:
        psql = subprocess.Popen(  # noqa: S603
            command, env=environment, stdin=subprocess.PIPE, stderr=problems
        )
        # psql has printed why it ended. It may end while the last text is written, on leaving it.
        with call_at_limit(psql.kill), suppress(BrokenPipeError), psql:
            assert psql.stdin  # noqa: S101
            psql.stdin.write(before)
            psql.stdin.flush()
            dump = _read_dump(path, psql)
            if dump.returncode:
                reason = dump.stderr
                psql.stdin.write(ABORT)
        if psql.returncode and time_left() == 0:
            raise BackupError(programs.was_ended("psql"))
        if psql.returncode:
            problems.seek(0)
            raise DamagedError(
                f"The database cannot be restored: {_last_line(reason or problems.read())}"
            )


def _read_dump(path: Path, psql: subprocess.Popen[bytes]) -> subprocess.CompletedProcess[bytes]:
    try:
        return programs.run([*RESTORE, path], stdout=psql.stdin, stderr=subprocess.PIPE)
    except BackupError:
        psql.kill()  # which would take the end of the pipe for the end of the dump
        raise


def _contents(database: Any) -> Contents:
    with database.cursor() as cursor:

        def query(sql: str) -> list[Any]:
            cursor.execute(sql)
            rows: list[Any] = cursor.fetchall()
            return rows

        names = query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return read_contents(query, (name for [name] in names))


@contextmanager
def _connected(database: str = "") -> Iterator[Any]:
    """A connection outside of the pool, to the site's database or another of its server."""
    copy: Any = connection.copy()
    copy.settings_dict["OPTIONS"].pop("pool", None)
    if database:
        copy.settings_dict["NAME"] = database
    try:
        yield copy
    finally:
        copy.close()


def _command(
    program: str, options: Sequence[str], database: str = ""
) -> tuple[list[str], dict[str, str]]:
    """The command line of one of PostgreSQL's programs, and the environment with the password."""
    _require(program)
    settings = connection.settings_dict | ({"NAME": database} if database else {})
    arguments, variables = DatabaseClient.settings_to_cmd_args_env(settings, [])
    command = [program, *arguments[1:-1], *options, arguments[-1]]
    return command, os.environ | (variables or {})


def _require(program: str) -> None:
    if not shutil.which(program):
        raise BackupError(
            f"The program `{program}` is missing: install PostgreSQL's client programs"
            " (Debian's package postgresql-client)."
        )


def _run(command: list[str], environment: dict[str, str]) -> None:
    result = programs.run(command, env=environment, capture_output=True)
    if result.returncode:
        raise BackupError(f"{command[0]} failed: {_last_line(result.stderr)}")


def _last_line(output: bytes) -> str:
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no reason given"


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
