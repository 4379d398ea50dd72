"""The admin of the staff accounts, by superusers."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.admin import TOTPDeviceAdmin
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.admin.views import end_sessions, reset_second_factor

# Its pages would show the secrets of all accounts.
if admin.site.is_registered(TOTPDevice):
    admin.site.unregister(TOTPDevice)
admin.site.unregister(User)

__all__ = ["StaffUserAdmin", "TOTPDeviceAdmin"]


@admin.register(User)
class StaffUserAdmin(UserAdmin):
    """Django's admin of users, which also shows and resets the second factor, and ends sessions."""

    list_display = ["username", "email", "first_name", "last_name", "is_staff", "has_second_factor"]

    def get_urls(self) -> list[URLPattern]:
        reset = path(
            "<int:pk>/second-factor/", reset_second_factor, name="auth_user_reset_second_factor"
        )
        end = path("<int:pk>/sessions/", end_sessions, name="auth_user_end_sessions")
        return [reset, end, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).annotate(has_device=Exists(devices))

    @admin.display(description=_("second factor"), boolean=True)
    def has_second_factor(self, user: Any) -> bool:
        return bool(user.has_device)
