"""Staff accounts."""

from django.contrib.auth.models import User


def display_name(user: User | None) -> str:
    """The full name, or else the user name; empty without a user."""
    return user.get_full_name() or user.get_username() if user else ""
