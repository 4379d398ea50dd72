"""Sessions, with what their owners see of them."""

import hashlib
from datetime import timedelta
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
# The last use of a session is stored at most so often.
LAST_SEEN_INTERVAL = timedelta(minutes=5)
# The first of these in a User-Agent header names the browser: Edge also calls itself Chrome.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome",
            "Safari": "Safari"}  # fmt: skip
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
           "Mac OS": "macOS", "Linux": "Linux"}  # fmt: skip


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions that are valid, and those of a user."""

    def valid(self) -> Self:
        """Those that have not expired."""
        return self.exclude(_has_expired())

    def expired(self) -> Self:
        """Those whose time is over, or that were not used for SESSION_IDLE_TIME."""
        return self.filter(_has_expired())

    def of(self, user: User) -> Self:
        """The valid sessions of `user`, the last used first."""
        return self.valid().filter(user=user).order_by("-last_seen_at", "pk")


def _has_expired() -> models.Q:
    now = timezone.now()
    expired = models.Q(expire_date__lte=now)
    if settings.SESSION_IDLE_TIME:
        # Not before, although the last use may be stored that much too early.
        latest = now - settings.SESSION_IDLE_TIME - LAST_SEEN_INTERVAL
        expired |= models.Q(last_seen_at__lte=latest)
    return expired


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
