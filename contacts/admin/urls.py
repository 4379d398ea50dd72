"""The staff pages that ContactAdmin adds to its own."""

from django.urls import path

from contacts.admin import yearly_check

urlpatterns = [
    path("check/", yearly_check.yearly_check, name="contacts_yearly_check"),
    path(
        "check/company/",
        yearly_check.mark_company_checked,
        name="contacts_mark_company_checked",
    ),
    path(
        "check/<int:pk>/",
        yearly_check.mark_contact_checked,
        name="contacts_mark_contact_checked",
    ),
]
