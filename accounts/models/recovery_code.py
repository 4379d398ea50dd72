"""Codes that replace the authenticator app when it is lost."""

import hashlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RecoveryCode(models.Model):
    """A recovery code that has not been used yet; each can be used once.

    Only the digest is stored. A plain hash suffices for a random value of 120 bits (OWASP ASVS 5.0,
    6.5.2).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")

    def __str__(self) -> str:
        return str(self.user)

    @staticmethod
    def make_digest(code: str) -> str:
        """The digest of a code as it was typed, in any case, with or without hyphens and spaces."""
        letters = "".join(character for character in code.casefold() if character.isalnum())
        return hashlib.sha256(letters.encode()).hexdigest()
