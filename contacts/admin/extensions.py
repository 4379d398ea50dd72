"""Hooks through which other apps extend the contact admin.

They register in their own admin package:

    contact_columns.append(ContactColumn(...))

    @after_contact_change
    def offer_reassignment(request, before, after): ...

    @contact_deletion_check
    def refuse_contacts_with_inquiries(contacts): ...
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from contacts.models import Contact


@dataclass(frozen=True)
class ContactColumn:
    """A read-only value in the contact list, and in its own section of the contact form.

    `display` is a function decorated with `admin.display`. `get_annotations` makes the annotations
    of the queryset that it reads. `is_visible` decides which users see it.
    """

    display: Callable[[Contact], str]
    section: str | Promise
    get_annotations: Callable[[], dict[str, Any]]
    is_visible: Callable[[User], bool]


class DeletionRefusal(NamedTuple):
    """Why contacts cannot be deleted, and a line about each of them."""

    reason: str
    lines: Sequence[str]


ChangeHook = Callable[[HttpRequest, Contact, Contact], HttpResponse | None]
DeletionCheck = Callable[[QuerySet[Contact]], DeletionRefusal | None]

contact_columns: list[ContactColumn] = []
change_hooks: list[ChangeHook] = []
deletion_checks: list[DeletionCheck] = []


def after_contact_change(hook: ChangeHook) -> ChangeHook:
    """Call `hook(request, before, after)` after a contact was changed on its form.

    If it returns a response, this replaces the admin's own.
    """
    change_hooks.append(hook)
    return hook


def contact_deletion_check(check: DeletionCheck) -> DeletionCheck:
    """Call `check(contacts)` before contacts are deleted; if it refuses, none is deleted."""
    deletion_checks.append(check)
    return check
