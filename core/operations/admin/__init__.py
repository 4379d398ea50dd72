"""The page for those who run the site, and what the admin's first page shows of it."""

from core.operations.admin import dashboard  # noqa: F401, registers itself
