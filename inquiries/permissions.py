"""Who may do what with inquiries, beside what the admin asks of each of its pages."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

SEE_ALL, ERASE = "inquiries.assign_inquiry", "inquiries.erase_inquiry"

Account = AbstractBaseUser | AnonymousUser


def sees_all(user: Account) -> bool:
    """Whether every inquiry is theirs to see, and to assign."""
    return user.has_perm(SEE_ALL)  # type: ignore[union-attr]


def may_erase(user: Account) -> bool:
    """Only who sees every inquiry can say that nothing of a person is left."""
    return user.has_perms([SEE_ALL, ERASE])  # type: ignore[union-attr]
