"""The cookie that names a saved draft, so that the browser deletes it."""

import pytest

from contacts.models import Contact
from news.models import Article, Tag
from tests.factories import make_company, make_contact, make_inquiry, make_user
from tests.inquiries.urls import change_url
from tests.news.steps import ADD_URL, form_data, new_article_data

pytestmark = pytest.mark.django_db

DRAFT = "0123456789abcdef"
ROW_COUNTS = ("TOTAL_FORMS", "INITIAL_FORMS")


@pytest.fixture
def admin(as_user):
    return as_user(make_user(is_superuser=True))


def test_saving_names_the_draft_and_a_refused_form_does_not(as_user):
    editor = as_user(make_user("Editors"))
    response = editor.post(ADD_URL, new_article_data(editor, draft_id=DRAFT))
    cookie = response.cookies["saved_draft"]
    assert (cookie.value, cookie["path"], cookie["samesite"]) == (DRAFT, "/", "Lax")
    url = f"/admin/news/article/{Article.objects.get().pk}/change/"
    refused = editor.post(url, {"draft_id": DRAFT})
    assert refused.status_code == 200
    assert "saved_draft" not in refused.cookies


@pytest.mark.parametrize("draft", ["", "x", "a;b=c-------", "A" * 16, "a" * 99])
def test_an_invalid_draft_id_is_ignored(as_user, draft):
    editor = as_user(make_user("Editors"))
    response = editor.post(ADD_URL, new_article_data(editor, draft_id=draft))
    assert response.status_code == 302
    assert "saved_draft" not in response.cookies


def test_forms_of_all_models_name_the_draft(admin):
    make_company()
    user = make_user(username="sales")
    for path in [
        "/admin/auth/group/add/",
        f"/admin/auth/user/{user.pk}/change/",
        "/admin/contacts/company/",
        change_url(make_inquiry()),
    ]:
        page = admin.get(path)
        sent = form_data(page) | {"draft_id": DRAFT}
        if path.endswith("group/add/"):
            sent["name"] = "Translators"
        for inline in page.context["inline_admin_formsets"]:
            sent |= {f"{inline.formset.prefix}-{name}": 0 for name in ROW_COUNTS}
        response = admin.post(path, sent)
        assert (path, response.status_code) == (path, 302)
        assert response.cookies["saved_draft"].value == DRAFT, path


def test_adding_in_a_popup_names_the_draft(admin):
    sent = {"name_en": "Fairs", "_popup": "1", "draft_id": DRAFT}
    response = admin.post("/admin/news/tag/add/?_popup=1", sent)
    assert Tag.objects.get().name == "Fairs"
    assert response.cookies["saved_draft"].value == DRAFT


def test_a_draft_of_an_object_deleted_meanwhile_is_not_named(admin):
    contact = make_contact()
    path = f"/admin/contacts/contact/{contact.pk}/change/"
    sent = form_data(admin.get(path)) | {"draft_id": DRAFT}
    Contact.objects.all().delete()
    response = admin.post(path, sent)
    assert response.status_code == 302
    assert "saved_draft" not in response.cookies


def test_a_form_sent_after_log_out_does_not_name_its_draft(client):
    response = client.post("/admin/auth/group/add/", {"name": "A", "draft_id": DRAFT})
    assert response.status_code == 302
    assert "saved_draft" not in response.cookies
