"""E-mails of the mailbox that could not be processed."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

RETRY_PERIOD = timedelta(days=3)
RETENTION_PERIOD = timedelta(days=90)


class UnprocessedEmailQuerySet(models.QuerySet["UnprocessedEmail"]):
    """Unprocessed e-mails, by what happens to them."""

    def to_retry(self) -> Self:
        """Those that each run tries again, for RETRY_PERIOD."""
        since = timezone.now() - RETRY_PERIOD
        return self.filter(is_retried=True, uid__isnull=False, failed_at__gt=since)

    def expired(self) -> Self:
        return self.filter(failed_at__lt=timezone.now() - RETENTION_PERIOD)


class UnprocessedEmail(models.Model):
    """An e-mail that was set aside, so that the others are processed. It stays in the mailbox."""

    mailbox = models.ForeignKey("inquiries.Mailbox", on_delete=models.CASCADE, related_name="+")
    # None if the folder has given new UIDs to its messages since.
    uid = models.PositiveBigIntegerField(null=True)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    error = models.CharField(_("error"), max_length=300)
    failed_at = models.DateTimeField(_("set aside"), default=timezone.now)
    # False for a message that is no e-mail or cannot be parsed.
    is_retried = models.BooleanField(_("tried again"), default=True)

    objects = UnprocessedEmailQuerySet.as_manager()

    class Meta:
        ordering = ["-failed_at", "-pk"]
        verbose_name = _("unprocessed e-mail")
        verbose_name_plural = _("unprocessed e-mails")
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uid"], name="unprocessed_email_once")
        ]

    def __str__(self) -> str:
        return self.subject or self.sender or str(self.pk)
