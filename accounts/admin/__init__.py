"""The admin of staff accounts."""

from accounts.admin.user import StaffUserAdmin

__all__ = ["StaffUserAdmin"]
