"""Whether the database has all migrations of the code."""

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor


def pending_migration(database: str = DEFAULT_DB_ALIAS) -> str:
    """The first migration that a database lacks, such as `news.0001_initial`; "" if it has all."""
    executor = MigrationExecutor(connections[database])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return str(plan[0][0]) if plan else ""
