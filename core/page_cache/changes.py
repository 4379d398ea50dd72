"""Which changes of the database change which pages.

Signals and querysets are used, not calls in services, because every path counts: the admin,
commands, imports, services, and models of other packages.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import models
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save

from core.page_cache.versions import EVERY_PAGE, mark_changed

ModelT = TypeVar("ModelT", bound=models.Model)
Method = TypeVar("Method", bound=Callable[..., Any])
FindTags = Callable[[Any], Iterable[str]]


def watch(model: type[models.Model], find_tags: FindTags, *, ignore: Iterable[str] = ()) -> None:
    """Mark the tags that `find_tags(row)` returns whenever a row of `model` is saved or deleted.

    It is called with the row as it is stored and as it becomes, because either may be on a page. A
    save of nothing but the fields `ignore` changes no page.
    """
    ignored = frozenset(ignore)

    def mark_stored(sender: Any, instance: models.Model, **kwargs: Any) -> None:
        if kwargs.get("raw"):  # `loaddata`, which may not have loaded related rows yet
            mark_changed(EVERY_PAGE)
            return
        if instance.pk is None or _saves_only(ignored, kwargs.get("update_fields")):
            return
        stored = sender._base_manager.filter(pk=instance.pk).first()
        if stored is not None:
            mark_changed(*find_tags(stored))

    def mark_saved(sender: Any, instance: models.Model, **kwargs: Any) -> None:
        if not kwargs.get("raw") and not _saves_only(ignored, kwargs.get("update_fields")):
            mark_changed(*find_tags(instance))

    for signal, receiver in (
        (pre_save, mark_stored),
        (pre_delete, mark_stored),
        (post_save, mark_saved),
    ):
        uid = (model, find_tags.__module__, receiver.__name__)
        signal.connect(receiver, sender=model, weak=False, dispatch_uid=uid)


def watch_relation(through: Any, find_tags: FindTags) -> None:
    """Mark the tags of a row, from either side, whenever its many-to-many relation changes."""

    def mark(sender: Any, instance: models.Model, action: str, **kwargs: Any) -> None:
        if action.startswith("post_") or action == "pre_clear":
            mark_changed(*find_tags(instance))

    m2m_changed.connect(mark, sender=through, weak=False, dispatch_uid=(through, "mark"))


def watch_all(models_and_tags: dict[Any, str]) -> None:
    """Mark one tag for each model, whatever changes in its table."""
    for model, tag in models_and_tags.items():

        def find_tags(row: models.Model, tag: str = tag) -> list[str]:
            return [tag]

        watch(model, find_tags)


def _saves_only(ignored: frozenset[str], update_fields: Iterable[str] | None) -> bool:
    return update_fields is not None and ignored.issuperset(update_fields)


def alters_data(method: Method) -> Method:
    """Mark a method as one that templates may not call."""
    marked: Any = method
    marked.alters_data = True
    return method


class WatchedQuerySet(models.QuerySet[ModelT]):
    """A queryset whose changes of many rows mark the tag `changed_tag`."""

    changed_tag: str
    ignored_fields: frozenset[str] = frozenset()

    @alters_data
    def update(self, **values: Any) -> int:
        rows = super().update(**values)
        if rows and not self.ignored_fields.issuperset(values):
            mark_changed(self.changed_tag)
        return rows

    @alters_data
    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        rows = super().bulk_create(*args, **kwargs)
        mark_changed(self.changed_tag)
        return rows
