"""Invitations of colleagues who have no account yet."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.core import signing
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact

SALT = "accounts.invitation"
LIFETIME = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, found by the token of their link."""

    def open(self) -> Self:
        return self.filter(accepted_at=None)

    def get_by_token(self, token: str) -> "Invitation":
        """The open invitation of this token, if no later link was sent.

        Raises DoesNotExist for a forged, expired or used one.
        """
        try:
            pk, sent_at = signing.loads(token, salt=SALT, max_age=LIFETIME)
        except signing.BadSignature as error:
            raise self.model.DoesNotExist from error
        invitation = self.open().select_related("role", "contact", "invited_by").get(pk=pk)
        if invitation.sent_at.isoformat() != sent_at:
            raise self.model.DoesNotExist
        return invitation


class Invitation(models.Model):
    """An account that a colleague creates with a link from an e-mail.

    It gets `role`. `contact` is linked with it, or with `makes_contact` a new contact is created.
    """

    email = models.EmailField(_("e-mail"))
    role = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="+", verbose_name=_("role")
    )
    contact = models.OneToOneField(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitation",
        verbose_name=_("contact"),
        help_text=_("The contact card that belongs to the colleague, if there is one."),
    )
    makes_contact = models.BooleanField(
        _("create a contact card"),
        default=False,
        help_text=_("With name and e-mail. It is shown on the site and available for assignment."),
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="invitation",
        verbose_name=_("user"),
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [models.Index(fields=["sent_at", "id"], name="invitation_newest")]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted_at=None),
                name="invitation_once_per_email",
                violation_error_message=_("There is an open invitation to this e-mail address."),
            ),
            models.CheckConstraint(
                condition=models.Q(makes_contact=False) | models.Q(contact=None),
                name="invitation_one_contact",
                violation_error_message=_("Choose a contact card, or create one, but not both."),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def token(self) -> str:
        """The signed value in the URL of the link."""
        return signing.dumps([self.pk, self.sent_at.isoformat()], salt=SALT)

    @property
    def state(self) -> str:
        if self.accepted_at:
            return gettext("accepted")
        is_expired = self.sent_at < timezone.now() - LIFETIME
        return gettext("expired") if is_expired else gettext("open")
