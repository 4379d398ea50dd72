"""Which operations of a migration the version before can live with.

During an upgrade, and after going back, the earlier code works with the migrated database: it must
find every table and column that it knows, and insert rows without those that it does not know.
"""

from collections.abc import Iterator
from typing import Any

from django.db.migrations import operations as ops
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, Field

from core.language_columns import AddLanguages

GONE = {
    ops.RemoveField: "removes a column",
    ops.RenameField: "renames a column",
    ops.DeleteModel: "removes a table",
    ops.RenameModel: "renames a table",
    ops.AlterModelTable: "renames a table",
}


def problems(operation: Operation, app: str, state: ProjectState) -> Iterator[str]:
    """What the version before cannot live with; `state` is that before the operation."""
    for kind, what in GONE.items():
        if isinstance(operation, kind):
            yield f"{what} that the version before uses"
    if isinstance(operation, ops.AddField):
        yield from _added(operation.field)
    elif isinstance(operation, AddLanguages):
        after = state.clone()
        operation.state_forwards(app, after)
        for model in operation.texts:
            before = state.models[app, model].fields
            for name in after.models[app, model].fields.keys() - before:
                yield from _added(after.models[app, model].fields[name])
    elif isinstance(operation, ops.AlterField):
        before = state.models[app, operation.model_name_lower].fields[operation.name]
        yield from _altered(before, operation.field)
    elif isinstance(operation, ops.AddConstraint | ops.AlterUniqueTogether):
        yield "adds a constraint that rows of the version before may violate"
    elif isinstance(operation, ops.RunSQL):
        yield "runs SQL, which has to be read by a person"
    elif isinstance(operation, ops.SeparateDatabaseAndState):
        for each in operation.database_operations:
            yield from problems(each, app, state)


def model_of(operation: Any) -> str:
    """The model that an operation changes, in lower case; "" if it is not about one."""
    name = getattr(operation, "model_name", "") or getattr(operation, "name", "")
    return str(name).lower()


def _added(field: Field) -> Iterator[str]:
    if field.many_to_many or field.generated:
        return
    if not field.null and field.db_default is NOT_PROVIDED:
        yield "adds a column that must be filled: give it a db_default, or null=True"
    if field.unique:
        yield "adds a unique column, of which the version before would write equal values"


def _altered(before: Field, after: Field) -> Iterator[str]:
    if before.null and not after.null:
        yield "forbids NULL, which the version before may write"
    if after.unique and not before.unique:
        yield "forbids equal values, which the version before may write"
    if before.get_internal_type() != after.get_internal_type():
        yield "changes the type of a column"
    if after.max_length and (before.max_length or 0) > after.max_length:
        yield "shortens a column"
    if before.db_column != after.db_column:
        yield "renames a column that the version before uses"
