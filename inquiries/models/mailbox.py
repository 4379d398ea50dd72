"""How far the mailbox of the buyers' e-mails has been read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mailbox(models.Model):
    """A folder on an IMAP server, and the last message that was read from it.

    Messages are tracked by their UID (RFC 3501, 2.3.1.1), since every server has them. A folder
    with another `uid_validity` has given new UIDs to its messages.
    """

    # The setting IMAP_URL without the password
    url = models.CharField(max_length=500, unique=True)
    uid_validity = models.PositiveBigIntegerField(null=True)
    last_uid = models.PositiveBigIntegerField(default=0)
    # Messages that the server received before are not processed.
    starts_at = models.DateTimeField()
    # When all messages had been read
    checked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")

    def __str__(self) -> str:
        return self.url
