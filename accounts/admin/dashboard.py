"""The task of inviting a colleague on the admin's first page."""

from django.utils.translation import gettext_lazy as _

from core.admin.dashboard import Task, add_tasks

add_tasks(
    Task(
        order=90,
        permission="accounts.add_invitation",
        title=_("Invite a colleague"),
        text=_("An account with a role and a contact card"),
        view_name="admin:accounts_invitation_add",
    ),
)
