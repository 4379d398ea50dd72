"""Staff pages check the permission, find their object and use the layout of the admin."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse

from core.admin.staff_views import staff_view
from inquiries.models import Inquiry
from tests.factories import make_contact, make_inquiry, make_user

pytestmark = pytest.mark.django_db


@staff_view(permission="inquiries.view_inquiry", model=Inquiry)
def show(request, inquiry):
    return TemplateResponse(request, "admin/base_site.html", {"title": inquiry.reference})


@staff_view(permission="inquiries.assign_inquiry")
def list_all(request):
    return TemplateResponse(request, "admin/base_site.html", {"title": "All"})


@pytest.fixture
def get(rf):
    def get(view, user, **kwargs):
        request = rf.get("/admin/anything/")
        request.user = user
        return view(request, **kwargs)

    return get


def test_an_anonymous_visitor_is_sent_to_the_log_in_page(get):
    response = get(list_all, AnonymousUser())
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_a_user_without_the_permission_is_refused(get):
    with pytest.raises(PermissionDenied):
        get(list_all, make_user("Sales"))


def test_a_view_gets_its_object_and_the_context_of_the_admin(get):
    inquiry = make_inquiry()
    response = get(show, make_user("Managers"), pk=inquiry.pk)
    assert response.context_data["title"] == inquiry.reference
    assert response.context_data["opts"] == Inquiry._meta
    assert "site_header" in response.context_data


def test_an_object_that_the_user_may_not_see_is_not_found(get):
    seller = make_user("Sales")
    make_contact(user=seller)
    with pytest.raises(Http404):
        get(show, seller, pk=make_inquiry().pk)


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_an_impossible_primary_key_is_not_found(get, pk):
    with pytest.raises(Http404):
        get(show, make_user("Managers"), pk=pk)
