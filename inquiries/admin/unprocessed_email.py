"""The admin of e-mails that could not be processed."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inquiries.models import UnprocessedEmail


@admin.register(UnprocessedEmail)
class UnprocessedEmailAdmin(admin.ModelAdmin):
    """Managers see what was set aside, find it in the mailbox, and delete it from the list."""

    list_display = ["subject_or_sender", "sender", "failed_at", "is_retried", "error"]
    list_filter = ["is_retried"]
    fields = readonly_fields = ("sender", "subject", "failed_at", "is_retried", "error")
    actions = ["try_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("e-mail"))
    def subject_or_sender(self, email: UnprocessedEmail) -> str:
        return str(email)

    @admin.action(description=_("Try again"), permissions=["delete"])
    def try_again(self, request: HttpRequest, emails: QuerySet[UnprocessedEmail]) -> None:
        """Process the e-mails again in the next runs, for example after an update."""
        count = emails.exclude(uid=None).update(is_retried=True, failed_at=timezone.now())
        text = ngettext(
            "%(count)d e-mail will be processed again within a few minutes.",
            "%(count)d e-mails will be processed again within a few minutes.",
            count,
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
