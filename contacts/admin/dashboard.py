"""The tasks of the company and its contacts on the admin's first page."""

from django.utils.translation import gettext_lazy as _

from core.admin.dashboard import Task, add_tasks

add_tasks(
    Task(
        order=70,
        permission="contacts.change_company",
        title=_("Company details"),
        text=_("Name, address and phone numbers shown on every page"),
        view_name="admin:contacts_company_changelist",
    ),
    Task(
        order=80,
        permission="contacts.change_contact",
        title=_("Check contact details"),
        text=_("Yearly contact check"),
        view_name="admin:contacts_yearly_check",
    ),
)
