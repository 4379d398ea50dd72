"""The last migration of each app in the latest release. Run this module to write them."""

import json
from pathlib import Path

FILE = Path(__file__).with_name("released_migrations.json")


def read_released() -> dict[str, str]:
    """The name of the last released migration by app."""
    released: dict[str, str] = json.loads(FILE.read_text())
    return released


def own_apps() -> set[str]:
    """The labels of the apps whose migrations are in this project."""
    from django.apps import apps
    from django.conf import settings

    virtual = Path(settings.BASE_DIR, ".venv")
    return {
        app.label
        for app in apps.get_app_configs()
        if Path(app.path).is_relative_to(settings.BASE_DIR)
        and not Path(app.path).is_relative_to(virtual)
        and Path(app.path, "migrations").is_dir()
    }


def write_released() -> None:
    """Note the migrations of now as those of the release."""
    import django

    django.setup()
    from django.db.migrations.loader import MigrationLoader

    leaves = MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes()
    last = {app: name for app, name in sorted(leaves) if app in own_apps()}
    FILE.write_text(json.dumps(last, indent=2) + "\n")


if __name__ == "__main__":
    write_released()
