"""How inquiries are displayed in the admin."""

import pytest
from django.contrib.auth.models import Permission

from tests.factories import make_inquiry, make_product, make_user
from tests.inquiries.urls import change_url

pytestmark = pytest.mark.django_db


def test_names_and_products_keep_their_direction_in_a_right_to_left_list(as_user):
    lines = [{"product": make_product(name="Jaw <b>crusher</b>"), "quantity": 2, "unit": "set"}]
    make_inquiry(company="Example Ltd.", lines=lines)
    manager = as_user(make_user("Managers"))
    response = manager.get("/admin/inquiries/inquiry/", headers={"Accept-Language": "ar"})
    page = response.content.decode()
    assert "<bdi>Peter Sample, Example Ltd.</bdi>" in page
    assert "<bdi>2 set × Jaw &lt;b&gt;crusher&lt;/b&gt;</bdi>" in page


def test_empty_values_are_shown_as_a_dash(as_user):
    user = make_user()
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["view_inquiry", "assign_inquiry"])
    )
    page = as_user(user).get(change_url(make_inquiry(phone=""))).content.decode()
    for name in ("telephone", "assignee"):
        field = page[page.index(f"field-{name}") :]
        assert field[field.index('class="readonly"') :].startswith('class="readonly">–<'), name
