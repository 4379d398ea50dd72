"""Inviting a colleague, and creating the account when the invitation is accepted."""

from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.emails import send_invitation_link
from accounts.models import Invitation
from contacts.models import Contact
from core.absolute_urls import absolute_url
from core.accounts import display_name
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action


def get_roles_given_by(user: User) -> list[Group]:
    """The roles that `user` may give: those without a permission that `user` does not have."""
    roles = Group.objects.order_by("name").prefetch_related("permissions__content_type")
    if user.is_superuser:
        return list(roles)
    own = user.get_all_permissions()
    return [
        role
        for role in roles
        if all(f"{p.content_type.app_label}.{p.codename}" in own for p in role.permissions.all())
    ]


def is_still_given(invitation: Invitation) -> bool:
    """Whether the inviting account is active and may still give the role."""
    by = invitation.invited_by
    return by is not None and by.is_active and invitation.role in get_roles_given_by(by)


@transaction.atomic
def send_invitation(invitation: Invitation, *, by: User) -> None:
    """Save the invitation and send its link; links that were sent earlier are no longer valid.

    Raises PermissionDenied if `by` may not give the role.
    """
    if invitation.role not in get_roles_given_by(by):
        raise PermissionDenied
    invitation.invited_by = by
    invitation.sent_at = timezone.now()
    invitation.save()
    url = absolute_url(reverse("accept_invitation", args=[invitation.token]))
    send_invitation_link(invitation, url)


@transaction.atomic
def accept_invitation(invitation: Invitation, user: User) -> None:
    """Save the new account `user` with the role of the invitation, and link its contact.

    Raises Invitation.DoesNotExist if it was accepted or withdrawn in the meantime.
    """
    invitation = Invitation.objects.select_for_update().open().get(pk=invitation.pk)
    user.email, user.is_staff = invitation.email, True
    user.save()
    user.groups.add(invitation.role)
    free = Contact.objects.select_for_update().filter(invitation=invitation, user=None)
    if linked := free.first():
        linked.user = user
        linked.save(update_fields=["user"])
    elif invitation.makes_contact:
        Contact.objects.create(name=display_name(user)[:100], email=user.email, user=user)
    invitation.user, invitation.accepted_at = user, timezone.now()
    invitation.save(update_fields=["user", "accepted_at"])
    message, role = _("Accepted the invitation as %s."), invitation.role.name
    log_action(StaffAction.Kind.ACCOUNT, user, by=user, message=message, values=[role])
