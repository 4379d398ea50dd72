"""The company form with its opening hours and holidays."""

import pytest

from contacts.models import Company
from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db

URL = "/admin/contacts/company/"


def make_form_data(hours=(), holidays=(), **fields):
    for prefix, rows in (("working_hours", hours), ("holidays", holidays)):
        fields |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
        for number, row in enumerate(rows):
            fields |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return fields


def test_there_is_only_one_company(as_user):
    client = as_user(make_user("Managers"))
    assert client.get(URL).status_code == 200
    data = make_form_data(name_en="New Name", name_zh_hans="新名", hotline="+86 1234")
    assert client.post(URL, data).status_code == 302
    assert Company.objects.count() == 1
    assert Company.get_solo().name == "New Name"
    assert "新名" in client.get("/zh-hans/").content.decode()


def test_hours_and_holidays_are_edited_on_the_company_form(as_user):
    client = as_user(make_user("Managers"))
    hours = [
        {"weekday": 0, "opens": "09:00", "closes": "12:00"},
        {"weekday": 0, "opens": "11:30", "closes": "17:00"},
    ]
    holiday = {"name_en": "Spring", "first_day": "2027-02-05", "last_day": "2027-02-12"}
    rejected = client.post(URL, make_form_data(hours, [holiday], time_zone="Asia/Shanghai"))
    assert "These hours overlap with other hours on the same day." in rejected.content.decode()
    hours[1]["opens"] = "13:00"
    saved = client.post(URL, make_form_data(hours, [holiday], time_zone="Asia/Shanghai"))
    assert saved.status_code == 302
    company = Company.get_solo()
    assert str(company.zone) == "Asia/Shanghai"
    assert [str(row) for row in company.working_hours.all()] == [
        "Monday 09:00–12:00",
        "Monday 13:00–17:00",
    ]
    assert company.holidays.get().name == "Spring"


def test_the_admin_title_is_the_company_name(as_user, client):
    make_company(name="Example & Sons")
    assert "Example &amp; Sons" in client.get("/admin/login/").content.decode()
    assert "Example &amp; Sons" in as_user(make_user("Editors")).get("/admin/").content.decode()


@pytest.mark.parametrize("role", ["Editors", "Sales"])
def test_only_managers_can_change_the_company(as_user, role):
    client = as_user(make_user(role))
    assert client.post(URL, {"name_en": "Changed"}).status_code == 403
    assert Company.get_solo().name == ""
