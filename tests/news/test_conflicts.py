"""Two editors of one article: the second is warned, and does not overwrite the first unawares."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection

from news.models import Article, Category, PendingChanges
from news.services.organizing import change_category
from tests.news.steps import ADD, address, as_sent, edit
from tests.world import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei(as_user):
    return as_user(make_user("Editors", username="mei", first_name="Mei", last_name="Lin"))


@pytest.fixture
def omar(as_user):
    return as_user(make_user("Editors", username="omar"))


def test_the_second_save_is_told_of_the_first_and_keeps_what_was_typed(mei, omar):
    article = make_article(title="As it was")
    opened = as_sent(omar.get(address(article)))
    edit(mei, article, title_en="Mei's")
    response = omar.post(address(article), opened | {"title_en": "Omar's", "summary_ar": "ملخص"})
    assert response.status_code == 200
    page = response.content.decode()
    assert re.search(r"Mei Lin saved this article at \d{4}-\d\d-\d\d \d\d:\d\d", page)
    form = response.context["adminform"].form
    assert form["title_en"].value() == "Omar's"
    assert form["summary_ar"].value() == "ملخص"
    article.refresh_from_db()
    assert article.title_en == "Mei's"

    link = re.search(r'href="([^"]*/history/compare/[^"]*)"', page)[1].replace("&amp;", "&")
    comparison = omar.get(link).content.decode()
    assert "<del>As" in comparison
    assert "<ins>Mei" in comparison


def test_saving_anyway_is_a_choice_and_keeps_the_other_text_among_the_versions(mei, omar):
    article = make_article(title="As it was")
    opened = as_sent(omar.get(address(article)))
    edit(mei, article, title_en="Mei's")
    sent = opened | {"title_en": "Omar's"}
    page = omar.post(address(article), sent).content.decode()
    edition = re.search(r'name="save_anyway" value="([^"]+)"', page)[1]
    assert omar.post(address(article), sent | {"save_anyway": edition}).status_code == 302
    titles = [version.title_en for version in article.versions]
    assert titles == ["Omar's", "Mei's", "As it was"]


def test_a_third_save_is_told_of_again_though_the_choice_was_made(mei, omar):
    article = make_article(title="As it was")
    opened = as_sent(omar.get(address(article)))
    edit(mei, article, title_en="Mei's")
    page = omar.post(address(article), opened | {"title_en": "Omar's"}).content.decode()
    edition = re.search(r'name="save_anyway" value="([^"]+)"', page)[1]
    edit(mei, article, title_en="Mei's again")
    sent = opened | {"title_en": "Omar's", "save_anyway": edition}
    assert omar.post(address(article), sent).status_code == 200
    article.refresh_from_db()
    assert article.title_en == "Mei's again"


@pytest.mark.parametrize("edition", ["0", "999999", "nonsense", "1-2", "<b>"])
def test_an_edition_that_never_was_saves_nothing(mei, edition):
    article = make_article(title="As it was")
    response = edit(mei, article, title_en="New", save_id=edition, save_anyway=edition + "x")
    assert response.status_code == 200
    assert "<b>" not in response.content.decode()
    article.refresh_from_db()
    assert article.title_en == "As it was"


def test_changes_that_another_one_left_waiting_are_a_conflict_as_well(mei, omar):
    article = make_article(title="Online")
    opened = as_sent(omar.get(address(article)))
    edit(mei, article, title_en="Mei's", _hold="1")
    for button in ("_hold", "_save"):
        response = omar.post(address(article), opened | {"title_en": "Omar's", button: "1"})
        assert response.status_code == 200
        assert "Mei Lin saved this article" in response.content.decode()
        link = re.search(r'href="([^"]*compare/[^"]*to=waiting)"', response.content.decode())[1]
        assert "<ins>Mei" in omar.get(link.replace("&amp;", "&")).content.decode()
    assert PendingChanges.objects.get().content["title_en"] == "Mei's"
    article.refresh_from_db()
    assert article.title_en == "Online"


def test_bulk_actions_and_restores_count_as_saves(mei, omar):
    article = make_article(title="As it was")
    opened = as_sent(omar.get(address(article)))
    category = Category.objects.create(name="Fairs")
    change_category(article, category, by=make_user("Editors"))
    assert omar.post(address(article), opened | {"title_en": "Omar's"}).status_code == 200
    article.refresh_from_db()
    assert article.category == category


def test_readings_are_no_conflict(mei, reader):
    article = make_article()
    opened = as_sent(mei.get(address(article)))
    reader.get(article.get_absolute_url())
    assert mei.post(address(article), opened | {"title_en": "New"}).status_code == 302


def test_one_editor_alone_saves_again_and_again(mei):
    article = make_article()
    for number in range(3):
        answer = edit(mei, article, title_en=f"Title {number}", _continue="1")
        assert answer.status_code == 302
    assert mei.post(ADD, as_sent(mei.get(ADD)) | {"title_en": "Another"}).status_code == 302


def test_an_article_that_was_deleted_meanwhile_is_not_made_anew(mei, omar):
    article = make_article()
    opened = as_sent(omar.get(address(article)))
    Article.objects.all().delete()
    assert omar.post(address(article), opened).status_code == 302
    assert not Article.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_saves_at_the_same_moment_one_is_told_of_the_other(as_user):
    article = make_article(title="As it was")
    clients = [as_user(make_user("Editors", username=name)) for name in ("one", "two")]
    forms = [as_sent(client.get(address(article))) for client in clients]
    both_are_ready = Barrier(2)

    def save(number: int) -> int:
        try:
            both_are_ready.wait()
            sent = forms[number] | {"title_en": f"Number {number}"}
            return clients[number].post(address(article), sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as editors:
        assert sorted(editors.map(save, range(2))) == [200, 302]
    assert article.versions.count() == 2


# Who else has it open


def test_who_opens_the_form_is_told_who_has_it_open(mei, omar):
    article = make_article()
    assert "opened this article" not in mei.get(address(article)).content.decode()
    assert "opened this article" not in mei.get(address(article)).content.decode()
    assert "Mei Lin opened this article" in omar.get(address(article)).content.decode()
    assert "omar opened this article" in mei.get(address(article)).content.decode()
    assert "opened this article" not in mei.get(address(make_article())).content.decode()


def test_who_has_saved_is_no_longer_there(mei, omar):
    article = make_article()
    edit(mei, article, title_en="Done")
    assert "opened this article" not in omar.get(address(article)).content.decode()


def test_who_opened_it_long_ago_is_no_longer_there(mei, omar):
    article = make_article()
    mei.get(address(article))
    key = f"news.editing.{article.pk}"
    cache.set(key, {pk: (name, at - 601) for pk, (name, at) in cache.get(key).items()})
    assert "opened this article" not in omar.get(address(article)).content.decode()


def test_the_form_works_without_a_cache(mei, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError

    article = make_article()
    monkeypatch.setattr(cache, "get", away)
    assert mei.get(address(article)).status_code == 200
    assert edit(mei, article, title_en="New").status_code == 302
