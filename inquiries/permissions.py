"""Permissions on inquiries that go beyond Django's four per model."""

from django.contrib.auth.models import AnonymousUser, User

SEE_ALL, ERASE = "inquiries.assign_inquiry", "inquiries.erase_inquiry"


def may_see_all(user: User | AnonymousUser) -> bool:
    """Whether `user` may see and assign every inquiry, not only their own."""
    return user.has_perm(SEE_ALL)


def may_erase(user: User | AnonymousUser) -> bool:
    """Whether `user` may export and erase personal data, which requires access to all inquiries."""
    return user.has_perms([SEE_ALL, ERASE])
