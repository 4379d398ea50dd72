"""Whether the database has all migrations of the code."""

import pkgutil
from functools import cache
from importlib.util import find_spec

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def find_pending_migrations(database: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The migrations that a database lacks, such as `news.0001_initial`; raises DatabaseError.

    Only looks for their files, since Django's `MigrationExecutor` loads all of them.
    """
    applied = MigrationRecorder(connections[database]).applied_migrations()
    return [f"{app}.{name}" for app, name in _find_migrations() if (app, name) not in applied]


@cache  # new files come with a new process
def _find_migrations() -> list[tuple[str, str]]:
    """App label and name of each migration of the code."""
    return [
        (config.label, module.name)
        for config in apps.get_app_configs()
        for module in pkgutil.iter_modules(_find_folders(config.label))
        if not module.ispkg and module.name[0] not in "_~"
    ]


def _find_folders(app_label: str) -> list[str]:
    name = MigrationLoader.migrations_module(app_label)[0]
    spec = find_spec(name) if name else None
    return list(spec.submodule_search_locations or ()) if spec else []
