"""Changing menus: a menu without items begins with the default ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from core.menus.entries import by_parent, default_items
from core.menus.models import MenuItem, Place


class TooDeepError(Exception):
    """The menu has no further level for the item and what is below it."""


class Step(StrEnum):
    """Where an item goes from its own place."""

    UP = "up"
    DOWN = "down"
    IN = "in"  # below the item before it
    OUT = "out"  # after the item above it


class Side(StrEnum):
    """Where an item goes beside another one."""

    BEFORE = "before"
    AFTER = "after"
    BELOW = "below"


@contextmanager
def _locked_menus() -> Iterator[None]:
    """A transaction in which no other one changes a menu.

    The row of the model's content type is the lock, because a menu may have no rows.
    """
    with transaction.atomic():
        content_type = ContentType.objects.get_for_model(MenuItem)
        ContentType.objects.select_for_update().get(pk=content_type.pk)
        yield


def customize_menu(place: Place) -> None:
    """Store the default items of a menu that has none, so that they can be changed."""
    with _locked_menus():
        _store_default_items(place)


def reset_menu(place: Place) -> None:
    """Delete the items of a menu, which then has the default ones again."""
    with _locked_menus():
        MenuItem.objects.filter(place=place).delete()


def add_item(item: MenuItem) -> None:
    """Store a new item as the last one of its menu, or of the items below `item.parent`.

    Raises TooDeepError if there is no level below that.
    """
    with _locked_menus():
        _store_default_items(Place(item.place))
        item.save()
        _place(item, item.parent_id, None)


def change_item(item: MenuItem) -> None:
    """Save what an item leads to, and its label."""
    names = {field.name for field in item._meta.concrete_fields}
    # Others may have moved it since it was read.
    item.save(update_fields=names - {"id", "place", "parent", "order"})


def delete_item(item: MenuItem) -> None:
    """Delete an item and those below it."""
    item.delete()


def move_item(item: MenuItem, step: Step) -> None:
    """Move an item by a step; does nothing where there is none.

    Raises TooDeepError if the menu has no further level.
    """
    with _locked_menus():
        item.refresh_from_db()
        siblings = list(MenuItem.objects.filter(place=item.place, parent=item.parent_id))
        position = siblings.index(item)
        if step == Step.UP and position:
            _place(item, item.parent_id, position - 1)
        elif step == Step.DOWN:
            _place(item, item.parent_id, position + 1)
        elif step == Step.IN and position:
            _place(item, siblings[position - 1].pk, None)
        elif step == Step.OUT and item.parent:
            parents = list(MenuItem.objects.filter(place=item.place, parent=None))
            _place(item, None, parents.index(item.parent) + 1)


def drop_item(item: MenuItem, side: Side, other: MenuItem) -> None:
    """Move an item before, after or below another one of the same menu.

    Raises TooDeepError if the menu has no further level.
    """
    with _locked_menus():
        item.refresh_from_db()
        other.refresh_from_db()
        if item == other or item.place != other.place:
            return
        if side == Side.BELOW:
            _place(item, other.pk, None)
            return
        siblings = MenuItem.objects.filter(place=item.place, parent=other.parent_id)
        position = list(siblings.exclude(pk=item.pk)).index(other)
        _place(item, other.parent_id, position + (side == Side.AFTER))


def _store_default_items(place: Place) -> None:
    if MenuItem.objects.filter(place=place).exists():
        return
    for order, item in enumerate(default_items(place)):
        item.order = order
        item.save()


def _place(item: MenuItem, parent_id: int | None, position: int | None) -> None:
    """Put an item at a position below a parent, the last one for None, and number its siblings."""
    place = Place(item.place)
    children = by_parent(MenuItem.objects.filter(place=place))
    if parent_id is not None:
        parents = {each.pk for each in children[None]} - {item.pk}
        if place.max_levels < 2 or parent_id not in parents or children[item.pk]:
            raise TooDeepError
    siblings = [each for each in children[parent_id] if each != item]
    siblings.insert(len(siblings) if position is None else position, item)
    item.parent_id = parent_id
    for order, each in enumerate(siblings):
        each.order = order
    MenuItem.objects.bulk_update(siblings, ["order", "parent"])
