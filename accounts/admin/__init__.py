"""The admin of staff accounts."""

from accounts.admin.staff_log import StaffActionAdmin
from accounts.admin.user import StaffUserAdmin

__all__ = ["StaffActionAdmin", "StaffUserAdmin"]
