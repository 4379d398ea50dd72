"""Sessions, with what their owners see of them."""

import hashlib
from importlib import import_module
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_LISTED = 100
# The first of these in a User-Agent header names the browser: Edge also calls itself Chrome.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome",
            "Safari": "Safari"}  # fmt: skip
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
           "Mac OS": "macOS", "Linux": "Linux"}  # fmt: skip


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions of a user."""

    def of(self, user: User) -> Self:
        """The sessions of `user` that have not expired, the last used first."""
        current = self.filter(user=user, expire_date__gt=timezone.now())
        return current.order_by("-last_seen_at", "pk")


class Session(AbstractBaseSession):
    """A session as Django stores it, and to whom it belongs; `accounts.session_store` fills it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        db_index=False,  # `session_of_user` begins with it
        related_name="+",
    )
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    began_at = models.DateTimeField(_("logged in at"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last used"), default=timezone.now)

    objects: ClassVar[Any] = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Meta(AbstractBaseSession.Meta):
        indexes = [models.Index(fields=["user", "last_seen_at"], name="session_of_user")]

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore

    @property
    def public_id(self) -> str:
        """Names the session on a page without giving its key away."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()

    @property
    def browser(self) -> str:
        """Browser and system, such as `Firefox, Linux`; empty if unknown."""
        found = [
            next((name for word, name in names.items() if word in self.user_agent), "")
            for names in (BROWSERS, SYSTEMS)
        ]
        return ", ".join(filter(None, found))

    def is_valid_for(self, user: User) -> bool:
        """Whether it still works: a changed password ends all sessions from before."""
        stored: str = self.get_decoded().get(HASH_SESSION_KEY, "")
        return stored == user.get_session_auth_hash()
