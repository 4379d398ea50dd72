"""Two editors of one article: the second is warned before overwriting the changes of the first."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection

from news.models import Article, Category, PendingChanges
from news.services.organizing import change_category
from tests.factories import make_article, make_user
from tests.news.steps import ADD_URL, admin_url, edit_article, form_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei(as_user):
    return as_user(make_user("Editors", username="mei", first_name="Mei", last_name="Lin"))


@pytest.fixture
def omar(as_user):
    return as_user(make_user("Editors", username="omar"))


def test_the_second_save_shows_a_conflict_and_keeps_the_typed_text(mei, omar):
    article = make_article(title="As it was")
    opened = form_data(omar.get(admin_url(article)))
    edit_article(mei, article, title_en="Mei's")
    response = omar.post(admin_url(article), opened | {"title_en": "Omar's", "summary_ar": "ملخص"})
    assert response.status_code == 200
    page = response.content.decode()
    assert re.search(r"Mei Lin saved this article at \d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d", page)
    form = response.context["adminform"].form
    assert form["title_en"].value() == "Omar's"
    assert form["summary_ar"].value() == "ملخص"
    article.refresh_from_db()
    assert article.title_en == "Mei's"

    link = re.search(r'href="([^"]*/history/compare/[^"]*)"', page)[1].replace("&amp;", "&")
    comparison = omar.get(link).content.decode()
    assert "<del>As" in comparison
    assert "<ins>Mei" in comparison


def test_saving_anyway_keeps_the_other_text_as_a_version(mei, omar):
    article = make_article(title="As it was")
    opened = form_data(omar.get(admin_url(article)))
    edit_article(mei, article, title_en="Mei's")
    sent = opened | {"title_en": "Omar's"}
    page = omar.post(admin_url(article), sent).content.decode()
    save_id = re.search(r'name="save_anyway" value="([^"]+)"', page)[1]
    assert omar.post(admin_url(article), sent | {"save_anyway": save_id}).status_code == 302
    titles = [version.title_en for version in article.versions]
    assert titles == ["Omar's", "Mei's", "As it was"]


def test_saving_anyway_does_not_accept_a_later_third_save(mei, omar):
    article = make_article(title="As it was")
    opened = form_data(omar.get(admin_url(article)))
    edit_article(mei, article, title_en="Mei's")
    page = omar.post(admin_url(article), opened | {"title_en": "Omar's"}).content.decode()
    save_id = re.search(r'name="save_anyway" value="([^"]+)"', page)[1]
    edit_article(mei, article, title_en="Mei's again")
    sent = opened | {"title_en": "Omar's", "save_anyway": save_id}
    assert omar.post(admin_url(article), sent).status_code == 200
    article.refresh_from_db()
    assert article.title_en == "Mei's again"


@pytest.mark.parametrize("save_id", ["0", "999999", "nonsense", "1-2", "<b>"])
def test_an_invalid_save_id_saves_nothing(mei, save_id):
    article = make_article(title="As it was")
    ids = {"save_id": save_id, "save_anyway": save_id + "x"}
    response = edit_article(mei, article, title_en="New", **ids)
    assert response.status_code == 200
    assert "<b>" not in response.content.decode()
    article.refresh_from_db()
    assert article.title_en == "As it was"


def test_pending_changes_of_another_editor_are_a_conflict(mei, omar):
    article = make_article(title="Online")
    opened = form_data(omar.get(admin_url(article)))
    edit_article(mei, article, title_en="Mei's", _save_draft="1")
    for button in ("_save_draft", "_save"):
        response = omar.post(admin_url(article), opened | {"title_en": "Omar's", button: "1"})
        assert response.status_code == 200
        assert "Mei Lin saved this article" in response.content.decode()
        link = re.search(r'href="([^"]*compare/[^"]*to=waiting)"', response.content.decode())[1]
        assert "<ins>Mei" in omar.get(link.replace("&amp;", "&")).content.decode()
    assert PendingChanges.objects.get().content["title_en"] == "Mei's"
    article.refresh_from_db()
    assert article.title_en == "Online"


def test_bulk_actions_are_a_conflict(mei, omar):
    article = make_article(title="As it was")
    opened = form_data(omar.get(admin_url(article)))
    category = Category.objects.create(name="Fairs")
    change_category(article, category, by=make_user("Editors"))
    assert omar.post(admin_url(article), opened | {"title_en": "Omar's"}).status_code == 200
    article.refresh_from_db()
    assert article.category == category


def test_page_views_are_not_a_conflict(mei, visitor):
    article = make_article()
    opened = form_data(mei.get(admin_url(article)))
    visitor.get(article.get_absolute_url())
    assert mei.post(admin_url(article), opened | {"title_en": "New"}).status_code == 302


def test_one_editor_can_save_repeatedly_without_conflict(mei):
    article = make_article()
    for number in range(3):
        response = edit_article(mei, article, title_en=f"Title {number}", _continue="1")
        assert response.status_code == 302
    assert (
        mei.post(ADD_URL, form_data(mei.get(ADD_URL)) | {"title_en": "Another"}).status_code == 302
    )


def test_a_deleted_article_is_not_created_again_by_an_open_form(mei, omar):
    article = make_article()
    opened = form_data(omar.get(admin_url(article)))
    Article.objects.all().delete()
    assert omar.post(admin_url(article), opened).status_code == 302
    assert not Article.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_of_two_simultaneous_saves_shows_a_conflict(as_user):
    article = make_article(title="As it was")
    clients = [as_user(make_user("Editors", username=name)) for name in ("one", "two")]
    forms = [form_data(client.get(admin_url(article))) for client in clients]
    both_are_ready = Barrier(2)

    def save(number: int) -> int:
        try:
            both_are_ready.wait()
            sent = forms[number] | {"title_en": f"Number {number}"}
            return clients[number].post(admin_url(article), sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as editors:
        assert sorted(editors.map(save, range(2))) == [200, 302]
    assert article.versions.count() == 2


# Other users with the form open


def test_the_form_names_other_users_who_have_it_open(mei, omar):
    article = make_article()
    assert "Opened recently" not in mei.get(admin_url(article)).content.decode()
    assert "Opened recently" not in mei.get(admin_url(article)).content.decode()
    assert "Opened recently: Mei Lin" in omar.get(admin_url(article)).content.decode()
    assert "Opened recently: omar" in mei.get(admin_url(article)).content.decode()
    assert "Opened recently" not in mei.get(admin_url(make_article())).content.decode()


def test_a_user_who_saved_is_no_longer_named(mei, omar):
    article = make_article()
    edit_article(mei, article, title_en="Done")
    assert "Opened recently" not in omar.get(admin_url(article)).content.decode()


def test_a_user_who_opened_the_form_long_ago_is_no_longer_named(mei, omar):
    article = make_article()
    mei.get(admin_url(article))
    key = f"news.editing.{article.pk}"
    cache.set(key, {pk: (name, at - 601) for pk, (name, at) in cache.get(key).items()})
    assert "Opened recently" not in omar.get(admin_url(article)).content.decode()


def test_the_form_works_without_a_cache(mei, monkeypatch):
    def fail(*args, **kwargs):
        raise ConnectionError

    article = make_article()
    monkeypatch.setattr(cache, "get", fail)
    assert mei.get(admin_url(article)).status_code == 200
    assert edit_article(mei, article, title_en="New").status_code == 302
