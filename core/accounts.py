"""The accounts of the staff."""

from django.contrib.auth.models import User


def name_of(user: User | None) -> str:
    """The full name, else the one that the account logs in with; empty for nobody."""
    return user.get_full_name() or user.get_username() if user else ""
