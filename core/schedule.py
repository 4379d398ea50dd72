"""Regular work on the database."""

from django.db import connection

from core.worker.schedule import every


@every(days=1)
def analyze_tables() -> None:
    """Let SQLite estimate how many rows an index finds; PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")  # rows of an index: takes a second
            cursor.execute("ANALYZE")
