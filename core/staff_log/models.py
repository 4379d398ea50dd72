"""The entries of the log."""

import json
from typing import Self

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class StaffActionQuerySet(models.QuerySet["StaffAction"]):
    """Entries of the log."""

    def about(self, obj: models.Model) -> Self:
        """The entries about an object, the newest first."""
        content_type = ContentType.objects.get_for_model(obj, for_concrete_model=False)
        entries = self.filter(content_type=content_type, object_id=str(obj.pk))
        return entries.select_related("user")


class StaffAction(models.Model):
    """Something that a member of staff did; it outlives the account and the object.

    In place of Django's own log, which belongs to an account and has neither the address nor
    anything but added, changed and deleted objects.
    """

    class Kind(models.TextChoices):
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        EXPORTED = "exported", _("Exported")
        LOGGED_IN = "logged_in", _("Logged in")
        LOG_IN_FAILED = "log_in_failed", _("Log-in failed")
        LOGGED_OUT = "logged_out", _("Logged out")
        ACCOUNT = "account", _("Account security")

    at = models.DateTimeField(_("time"), default=timezone.now)
    kind = models.CharField(_("action"), max_length=20, choices=Kind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,  # `staff_action_of_user` begins with it
        related_name="+",
        verbose_name=_("user"),
    )
    username = models.CharField(_("user name"), max_length=150, blank=True)
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    content_type = models.ForeignKey(
        ContentType,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,  # `staff_action_of_object` begins with it
        related_name="+",
        verbose_name=_("kind of object"),
    )
    object_id = models.CharField(max_length=255, blank=True)
    object_repr = models.CharField(_("object"), max_length=200, blank=True)
    # An English text, a JSON object of it and of the values of `%s` in it, or a list as Django's.
    change_message = models.TextField(_("details"), blank=True)

    objects = StaffActionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("staff action")
        verbose_name_plural = _("staff actions")
        indexes = [
            models.Index(fields=["at", "id"], name="staff_action_by_time"),
            models.Index(fields=["user", "at", "id"], name="staff_action_of_user"),
            models.Index(fields=["kind", "at", "id"], name="staff_action_of_kind"),
            models.Index(fields=["content_type", "at", "id"], name="staff_action_of_model"),
            models.Index(
                fields=["content_type", "object_id", "at", "id"], name="staff_action_of_object"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.object_repr}".strip()

    # What the templates of Django's admin read from its own log.

    def get_change_message(self) -> str:
        """The details in the active language."""
        stored = self.change_message
        if stored.startswith("["):
            return str(LogEntry.get_change_message(self))  # type: ignore[arg-type]
        if stored.startswith('{"message": '):
            parts = json.loads(stored)
            return gettext(parts["message"]) % tuple(parts["values"])
        return gettext(stored) if stored else ""

    def is_addition(self) -> bool:
        return self.kind == self.Kind.ADDED

    def is_change(self) -> bool:
        return self.kind == self.Kind.CHANGED

    def is_deletion(self) -> bool:
        return self.kind == self.Kind.DELETED

    def get_admin_url(self) -> str:
        """The URL of the object's form; empty if there is none."""
        if not (self.content_type and self.object_id) or self.is_deletion():
            return ""
        name = f"admin:{self.content_type.app_label}_{self.content_type.model}_change"
        try:
            return reverse(name, args=[self.object_id])
        except NoReverseMatch:
            return ""
