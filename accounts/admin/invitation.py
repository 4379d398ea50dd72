"""Inviting colleagues, by superusers and managers."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.forms import InvitationForm
from accounts.models import Invitation
from accounts.services.invitations import get_roles_given_by, send_invitation
from contacts.models import Contact
from core.http import logged_in_user

MAX_SENT = 100  # by one action


@admin.action(description=_("Send selected invitations again"), permissions=["add"])
def send_again(
    model_admin: admin.ModelAdmin, request: HttpRequest, invitations: QuerySet[Invitation]
) -> None:
    by = logged_in_user(request)
    roles = get_roles_given_by(by)
    sent = list(invitations.filter(accepted_at=None, role__in=roles)[:MAX_SENT])
    for invitation in sent:
        send_invitation(invitation, by=by)
        model_admin.log_change(request, invitation, str(_("Sent again.")))
    text = ngettext("%(count)d invitation was sent.", "%(count)d invitations were sent.", len(sent))
    model_admin.message_user(request, text % {"count": len(sent)}, messages.SUCCESS)


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """A list of invitations, and the form for a new one; an invitation is withdrawn by deletion."""

    form = InvitationForm
    fields = ["email", "role", "contact", "makes_contact"]
    list_display = ["email", "role", "state", "sent_at", "invited_by", "contact", "user"]
    list_filter = [("accepted_at", admin.EmptyFieldListFilter), "role"]
    list_select_related = ["role", "invited_by", "contact", "user"]
    list_per_page = 50
    sortable_by = ["sent_at"]
    actions = [send_again]

    @admin.display(description=_("state"))
    def state(self, invitation: Invitation) -> str:
        return invitation.state

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Check the form again if somebody else invited the same colleague at the same moment."""
        try:
            return super().add_view(request, form_url, extra_context)
        except IntegrityError:
            return super().add_view(request, form_url, extra_context)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if "delete_selected" in actions:
            function, name, _description = actions["delete_selected"]
            actions["delete_selected"] = function, name, _("Withdraw selected invitations")
        return actions

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the roles that the user may give, and contacts without account or invitation."""
        if db_field.name == "role":
            roles = get_roles_given_by(logged_in_user(request))
            kwargs["queryset"] = Group.objects.filter(pk__in=[role.pk for role in roles])
        if db_field.name == "contact":
            kwargs["queryset"] = Contact.objects.filter(user=None, invitation=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        send_invitation(obj, by=logged_in_user(request))
