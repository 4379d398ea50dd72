"""The roles of the staff, and a function to grant them permissions in migrations."""

from typing import Any

WRITERS = "Writers"
EDITORS = "Editors"
MANAGERS = "Managers"
SALES = "Sales"
CATALOGUE_EDITORS = "Catalogue editors"
ROLES = (WRITERS, EDITORS, MANAGERS, SALES, CATALOGUE_EDITORS)


def grant_permissions(apps: Any, role: str, app_label: str, permissions: dict[str, str]) -> None:
    """Grant the group `role` permissions on models of `app_label`; can be run twice.

    `apps` is the app registry of a migration. `permissions` maps the name of a model to the
    allowed actions: `{"article": "add change delete view"}`. Missing permissions are created,
    because Django creates them only after the last migration.
    """
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
    content_types = apps.get_model("contenttypes", "ContentType").objects
    for model, actions in permissions.items():
        content_type, _ = content_types.get_or_create(app_label=app_label, model=model)
        options = apps.get_model(app_label, model)._meta
        own_names = dict(options.permissions)
        for action in actions.split():
            codename = f"{action}_{model}"
            name = own_names.get(codename, f"Can {action} {options.verbose_name}")
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": name}
            )
            group.permissions.add(permission)
