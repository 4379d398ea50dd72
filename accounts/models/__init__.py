"""What is stored about accounts, in addition to Django's own user."""

from accounts.models.invitation import Invitation
from accounts.models.password_reset_request import PasswordResetRequest
from accounts.models.recovery_code import RecoveryCode
from accounts.models.session import Session

__all__ = ["Invitation", "PasswordResetRequest", "RecoveryCode", "Session"]
