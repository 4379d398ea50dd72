"""The admin of staff accounts."""

from accounts.admin import dashboard  # noqa: F401, registers itself
from accounts.admin.invitation import InvitationAdmin
from accounts.admin.staff_log import StaffActionAdmin
from accounts.admin.user import StaffUserAdmin

__all__ = ["InvitationAdmin", "StaffActionAdmin", "StaffUserAdmin"]
