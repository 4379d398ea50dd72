"""The version before works with the database of this one: during an upgrade and after going back.

`released_migrations.json` names the last migrations of the latest release, or of the day when this
check began. Those after it are checked. When a version is released, write it again:

    DEBUG=on DJANGO_SETTINGS_MODULE=config.settings .venv/bin/python -m tests.released_migrations
"""

from collections.abc import Iterator

import pytest
from django.db import models
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from core.language_columns import AddLanguages
from tests.migration_rules import model_of, problems
from tests.released_migrations import own_apps, read_released

# Migrations that the version before cannot live with, each with the reason why it is no harm.
ACCEPTED: dict[str, str] = {
    "products.0008_packing_and_prices": "the version before leaves the checked columns empty",
    "staff_log.0002_copy_admin_log": "copies rows to a table that the version before does not know",
}


def new_problems() -> Iterator[tuple[str, str]]:
    """The migrations since the release that break a rule, and which one."""
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    released = {
        node for app, name in read_released().items() for node in graph.forwards_plan((app, name))
    }
    state, new_models = ProjectState(), set()
    for node in graph._generate_plan(graph.leaf_nodes(), at_end=True):
        migration: Migration = graph.nodes[node]
        app = migration.app_label
        for operation in migration.operations:
            if node not in released and app in own_apps():
                if isinstance(operation, ops.CreateModel):
                    new_models.add((app, model_of(operation)))
                elif (app, model_of(operation)) not in new_models:
                    for problem in problems(operation, app, state):
                        yield f"{app}.{migration.name}", problem
            operation.state_forwards(app, state)


def test_every_new_migration_keeps_what_the_version_before_needs():
    found = [f"{name} {problem}" for name, problem in new_problems() if name not in ACCEPTED]
    assert not found, "\n".join(found)


def test_accepted_migrations_still_need_a_reason():
    assert set(ACCEPTED) <= {name for name, _problem in new_problems()}


def test_released_migrations_exist():
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    released = read_released()
    assert set(released) <= own_apps()
    assert len(released) >= 8
    assert set(released.items()) <= set(graph.nodes)


def changed(operation: Operation) -> list[str]:
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("title", models.CharField(max_length=50, null=True)),
        ("text_en", models.TextField(null=True)),
        ("filled_en", models.TextField()),
    ]
    state.add_model(ModelState("news", "Article", fields))
    return list(problems(operation, "news", state))


@pytest.mark.parametrize(
    "operation",
    [
        ops.RemoveField("article", "title"),
        ops.RenameField("article", "title", "name"),
        ops.DeleteModel("Article"),
        ops.RenameModel("Article", "Post"),
        ops.AlterModelTable("Article", "posts"),
        ops.AddField("article", "teaser", models.TextField(default="")),
        ops.AddField("article", "number", models.IntegerField(null=True, unique=True)),
        ops.AlterField("article", "title", models.CharField(max_length=50, default="")),
        ops.AlterField("article", "title", models.CharField(max_length=20, null=True)),
        ops.AlterField("article", "title", models.IntegerField(null=True)),
        ops.AlterField("article", "title", models.CharField(max_length=50, null=True, unique=True)),
        ops.AlterField("article", "title", models.CharField(null=True, db_column="t")),
        ops.AddConstraint("article", models.UniqueConstraint(fields=["title"], name="one_title")),
        AddLanguages({"article": ["filled"]}, ["fr"]),
        ops.RunSQL("DROP TABLE news_article"),
        ops.SeparateDatabaseAndState([ops.RemoveField("article", "title")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_it_refuses_what_the_version_before_cannot_live_with(operation):
    assert len(changed(operation)) == 1


@pytest.mark.parametrize(
    "operation",
    [
        ops.AddField("article", "teaser", models.TextField(default="", db_default="")),
        ops.AddField("article", "number", models.IntegerField(null=True)),
        AddLanguages({"article": ["text"]}, ["fr", "zh-hant"]),
        ops.AlterField("article", "title", models.CharField(max_length=99, null=True)),
        ops.AddIndex("article", models.Index(fields=["title"], name="by_title")),
        ops.RunPython(ops.RunPython.noop),
        ops.SeparateDatabaseAndState(state_operations=[ops.RemoveField("article", "title")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_it_accepts_what_the_version_before_does_not_notice(operation):
    assert changed(operation) == []
