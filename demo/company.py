"""The demo company, its staff accounts and its contacts."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User

from contacts.models import Absence, Company, Contact
from core.roles import EDITORS, MANAGERS, SALES, WRITERS
from demo.files import read_content, with_dates


def create_accounts(password: str) -> dict[str, User]:
    """An administrator, an account for each role and one for each sales contact, by user name."""
    roles = {"admin": "", "editor": EDITORS, "writer": WRITERS, "manager": MANAGERS}
    roles |= dict.fromkeys(("july", "abner", "candy"), SALES)
    accounts = {}
    for name, role in roles.items():
        accounts[name] = user = get_user_model().objects.create_user(
            name, f"{name}@example.com", password, is_staff=True, is_superuser=name == "admin"
        )
        if role:
            user.groups.add(Group.objects.get(name=role))
    return accounts


def create_company(accounts: dict[str, User]) -> None:
    content = read_content("company")
    company = Company.get_solo()
    for field, value in content["company"].items():
        setattr(company, field, value)
    company.save()
    for row in content["contacts"]:
        Contact.objects.create(user=accounts[row["name"].lower()], **row)
    for row in content["hours"]:
        for weekday in row["weekdays"]:
            company.working_hours.create(weekday=weekday, opens=row["opens"], closes=row["closes"])
    for row in content["holidays"]:
        company.holidays.create(**with_dates(row, company.today))
    for row in content["absences"]:
        names = {name: Contact.objects.get(name=row[name]) for name in ("contact", "substitute")}
        Absence.objects.create(**with_dates(row, company.today) | names)
