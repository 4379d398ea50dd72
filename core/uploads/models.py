"""Uploaded files of unfinished forms."""

from pathlib import PurePosixPath
from typing import Self

from django.core import signing
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from core.storage import private_storage

SALT = "core.uploads"


def random_name(upload: "StoredUpload", name: str) -> str:
    """A random file name, without an extension since the content is not checked yet."""
    return str(PurePosixPath("uploads", get_random_string(32)))


class StoredUploadQuerySet(models.QuerySet["StoredUpload"]):
    """Stored uploads, found by the token that the form sends back."""

    def get_by_token(self, token: str, scope: str) -> "StoredUpload":
        """The upload of this token and scope that has not expired.

        Raises DoesNotExist for any other, and signing.BadSignature for a forged token.
        """
        pk, _name = signing.Signer(salt=SALT).unsign_object(token)
        return self.get(pk=pk, scope=scope, expires_at__gt=timezone.now())

    def active(self, scope: str) -> Self:
        return self.filter(scope=scope, expires_at__gt=timezone.now()).order_by("pk")

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())


class StoredUpload(models.Model):
    """A file that was uploaded with a form, stored until the form is complete.

    `scope` names the form and, where somebody is logged in, the user: a token is only valid there.
    """

    scope = models.CharField(max_length=200)
    file = models.FileField(_("file"), storage=private_storage, upload_to=random_name)
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("file size"))
    expires_at = models.DateTimeField(db_index=True)

    objects = StoredUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("stored upload")
        verbose_name_plural = _("stored uploads")

    def __str__(self) -> str:
        return self.name

    @property
    def token(self) -> str:
        """The signed value that the form sends back instead of the file."""
        return signing.Signer(salt=SALT).sign_object([self.pk, self.name])


def name_in_token(token: str) -> str:
    """The file's name in a token, also of an expired upload; empty for a forged token."""
    try:
        _pk, name = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature:
        return ""
    return str(name)
