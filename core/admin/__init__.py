"""The frame of the admin, which the apps share."""

from core.admin import problems  # noqa: F401, it registers itself
