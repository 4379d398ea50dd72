"""From draft to published, expired or withdrawn; who may do which."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from news.models import Article, PendingChanges
from news.services.organizing import feature_article
from news.services.publishing import publish_article, submit_article, withdraw_article
from tests.news.steps import ADD, address, as_sent, edit
from tests.world import make_article, make_user

pytestmark = pytest.mark.django_db

DRAFT, SUBMITTED, PUBLISHED = Article.Status
HOUR = timedelta(hours=1)


@pytest.fixture
def editor(as_user):
    return as_user(make_user("Editors", username="ed"))


@pytest.fixture
def writer(as_user):
    return as_user(make_user("Writers", username="wri"))


def new_form(client, **fields):
    return as_sent(client.get(ADD)) | {"title_en": "A new crusher", **fields}


def errors(response):
    return response.context["adminform"].form.errors


# Expiry, and what is gone


def test_an_expired_article_vanishes_from_every_page_by_itself(reader, monkeypatch):
    now = timezone.now()
    article = make_article(title="Only today", publish_time=now - HOUR, expire_time=now + HOUR)
    pages = ["/", "/news/", "/news/feed/", "/site-index/", "/sitemap-news.xml"]
    assert all("only-today" in reader.get(page).content.decode() for page in pages)
    later = now + 2 * HOUR
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert reader.get(article.get_absolute_url()).status_code == 410
    assert not any("only-today" in reader.get(page).content.decode() for page in pages)


def test_what_is_gone_is_answered_with_a_page_of_its_own(reader, editor):
    article = make_article(title="Once public")
    withdraw_article(article, by=make_user("Editors"))
    response = reader.get(article.get_absolute_url())
    assert response.status_code == 410
    page = response.content.decode()
    assert "no longer available" in page
    assert "noindex" in page
    assert 'href="/news/"' in page
    assert "Once public" not in page
    assert reader.get("/ar" + article.get_absolute_url()).status_code == 410


@pytest.mark.parametrize(
    "fields",
    [
        {"status": DRAFT},
        {"status": SUBMITTED},
        {"publish_time": datetime(2999, 1, 1, tzinfo=UTC)},
        {"status": DRAFT, "expire_time": datetime(2021, 1, 1, tzinfo=UTC),
         "publish_time": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
    ids=["draft", "submitted", "scheduled", "a draft whose end is over"],
)  # fmt: skip
def test_what_was_never_public_is_not_found(reader, fields):
    assert reader.get(make_article(**fields).get_absolute_url()).status_code == 404


def test_a_scheduled_article_that_is_withdrawn_was_never_public(reader):
    article = make_article(publish_time=timezone.now() + HOUR)
    article = withdraw_article(article, by=make_user("Editors"))
    assert article.state == "draft"
    assert reader.get(article.get_absolute_url()).status_code == 404


def test_a_withdrawn_article_that_is_published_again_is_read_again(reader):
    article, editor = make_article(), make_user("Editors")
    article = withdraw_article(article, by=editor)
    assert article.state == "withdrawn"
    article = publish_article(article, by=editor)
    assert article.withdrawn_at is None
    assert reader.get(article.get_absolute_url()).status_code == 200


def test_an_article_that_is_withdrawn_in_the_form_is_gone(editor, reader):
    article = make_article()
    assert edit(editor, article, status="draft").status_code == 302
    assert reader.get(article.get_absolute_url()).status_code == 410


def test_an_expired_article_can_be_withdrawn_and_is_gone_still(reader):
    now = timezone.now()
    article = make_article(publish_time=now - 2 * HOUR, expire_time=now - HOUR)
    article = withdraw_article(article, by=make_user("Editors"))
    assert article.state == "withdrawn"
    assert reader.get(article.get_absolute_url()).status_code == 410


def test_publishing_an_expired_article_takes_its_end_away(reader):
    now = timezone.now()
    article = make_article(publish_time=now - 2 * HOUR, expire_time=now - HOUR)
    publish_article(article, by=make_user("Editors"))
    assert reader.get(article.get_absolute_url()).status_code == 200


def test_an_end_before_the_beginning_is_refused_beside_its_field(editor):
    response = editor.post(
        ADD, new_form(editor, expire_time_0="2020-01-01", expire_time_1="00:00:00")
    )
    assert list(errors(response)) == ["expire_time"]
    assert "cannot expire before" in errors(response)["expire_time"][0]
    assert not Article.objects.exists()


def test_the_database_refuses_an_end_before_the_beginning():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_article(expire_time=datetime(2000, 1, 1, tzinfo=UTC))


def test_an_unknown_status_is_refused_by_form_and_database(editor):
    assert "status" in errors(editor.post(ADD, new_form(editor, status="secret")))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_article(status="secret")


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ("Draft", {"status": DRAFT}),
        ("Waiting for approval", {"status": SUBMITTED}),
        ("Scheduled", {"publish_time": datetime(2999, 1, 1, tzinfo=UTC)}),
        ("Published", {}),
        ("Expired", {"publish_time": datetime(2020, 1, 1, tzinfo=UTC),
                     "expire_time": datetime(2021, 1, 1, tzinfo=UTC)}),
        ("Withdrawn", {"status": DRAFT, "withdrawn_at": datetime(2021, 1, 1, tzinfo=UTC)}),
    ],
)  # fmt: skip
def test_the_list_names_and_finds_every_state(editor, state, fields):
    article = make_article(**fields)
    for other in (DRAFT, SUBMITTED, PUBLISHED):
        make_article(status=other, title="Another")
    key = article.state
    found = editor.get(f"/admin/news/article/?state={key}").context["cl"].result_list
    assert article in found
    assert {each.state.label for each in found} == {state}


# Who writes and who publishes


def test_a_writer_writes_and_submits(writer):
    assert writer.post(ADD, new_form(writer, status="submitted")).status_code == 302
    article = Article.objects.get()
    assert article.status == SUBMITTED
    assert "Waiting for approval" in writer.get("/admin/news/article/").content.decode()
    assert edit(writer, article, title_en="Better").status_code == 302
    assert Article.objects.get().title_en == "Better"


def test_a_writer_is_offered_no_publishing_and_cannot_send_it_either(writer):
    form = writer.get(ADD).context["adminform"].form
    assert [value for value, _ in form.fields["status"].choices] == ["draft", "submitted"]
    assert "status" in errors(writer.post(ADD, new_form(writer, status="published")))
    draft = make_article(status=DRAFT)
    assert "status" in errors(edit(writer, draft, status="published"))
    draft.refresh_from_db()
    assert draft.status == DRAFT


@pytest.mark.parametrize("button", ["_save", "_continue", "_hold"])
def test_what_a_writer_changes_on_a_published_article_waits(writer, reader, button):
    article = make_article(title="As it was")
    edit(writer, article, title_en="As it may be", status="draft", **{button: "1"})
    article.refresh_from_db()
    assert (article.title_en, article.status) == ("As it was", PUBLISHED)
    assert PendingChanges.objects.get().content["title_en"] == "As it may be"
    assert "As it was" in reader.get(article.get_absolute_url()).content.decode()


def test_the_rules_hold_without_a_form():
    writer, article = make_user("Writers"), make_article()
    draft = make_article(status=DRAFT)
    for forbidden in (
        lambda: publish_article(draft, by=writer),
        lambda: withdraw_article(article, by=writer),
        lambda: submit_article(article, by=writer),
        lambda: feature_article(article, by=writer),
    ):
        with pytest.raises(PermissionDenied):
            forbidden()
    submit_article(draft, by=writer)
    draft.refresh_from_db()
    assert draft.status == SUBMITTED


def test_saving_refuses_a_writer_even_where_the_form_let_it_pass(writer, monkeypatch):
    draft = make_article(status=DRAFT)
    sent = as_sent(writer.get(address(draft))) | {"status": "published"}
    monkeypatch.setattr("news.admin.forms.can_publish", lambda user: True)
    assert writer.post(address(draft), sent).status_code == 403
    draft.refresh_from_db()
    assert draft.status == DRAFT


def test_a_writer_deletes_nothing(writer):
    article = make_article(status=DRAFT)
    assert writer.post(address(article, "delete"), {"post": "yes"}).status_code == 403
    assert Article.objects.exists()


def test_what_is_online_is_deleted_only_by_those_who_publish(as_user):
    from django.contrib.auth.models import Permission

    user = make_user("Writers")
    user.user_permissions.add(Permission.objects.get(codename="delete_article"))
    client, online, draft = as_user(user), make_article(), make_article(status=DRAFT)
    assert client.post(address(online, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(address(draft, "delete"), {"post": "yes"}).status_code == 302
    assert Article.objects.get() == online


# Changes that wait while the old text stays online


def test_changes_wait_as_a_draft_until_they_are_published(editor, reader):
    article = make_article(title="Old", body="<p>Old text</p>", views=5)
    response = edit(editor, article, title_en="New", body_en="<p>New text</p>", _hold="1")
    assert response.status_code == 302
    page = reader.get(article.get_absolute_url()).content.decode()
    assert "Old text" in page
    assert "New text" not in page

    form = editor.get(address(article))
    text = form.content.decode()
    assert "What is published is still the old text" in text
    assert "Publish these changes" in text
    assert "Discard these changes" in text
    assert form.context["adminform"].form["title_en"].value() == "New"
    assert "Changes wait" in editor.get("/admin/news/article/?state=waiting").content.decode()

    assert edit(editor, article).status_code == 302  # with nothing typed, as it waits
    assert not PendingChanges.objects.exists()
    assert "New text" in reader.get(article.get_absolute_url()).content.decode()
    article.refresh_from_db()
    assert article.views == 7


def test_changes_that_wait_can_be_discarded(editor, reader):
    article = make_article(title="Old")
    edit(editor, article, title_en="New", _hold="1")
    assert editor.get(address(article, "discard")).status_code == 405
    assert editor.post(address(article, "discard")).status_code == 302
    assert not PendingChanges.objects.exists()
    assert editor.get(address(article)).context["adminform"].form["title_en"].value() == "Old"
    assert editor.post("/admin/news/article/99/discard/").status_code == 404


def test_tags_and_a_new_cover_wait_as_well(editor):
    from news.models import Tag
    from tests.world import picture_file

    article, tag = make_article(), Tag.objects.create(name="Mining")
    edit(editor, article, tags=[tag.pk], cover=picture_file("JPEG"), _hold="1")
    article.refresh_from_db()
    assert not article.cover
    assert not article.tags.exists()
    assert edit(editor, article).status_code == 302
    article.refresh_from_db()
    assert article.cover.storage.exists(article.cover.name)
    assert article.cover_width == 640
    assert list(article.tags.all()) == [tag]


def test_one_revision_waits_for_one_article(editor, writer):
    article = make_article()
    edit(editor, article, title_en="First", _hold="1")
    edit(writer, article, title_en="Second")
    assert PendingChanges.objects.get().content["title_en"] == "Second"
    assert PendingChanges.objects.get().saved_by.username == "wri"


def test_a_draft_has_nothing_that_waits(editor):
    article = make_article(status=DRAFT)
    edit(editor, article, title_en="New", _hold="1")
    assert not PendingChanges.objects.exists()
    article.refresh_from_db()
    assert article.title_en == "New"


def test_what_waited_becomes_the_text_of_an_article_that_is_withdrawn(editor):
    article = make_article(title="Old")
    edit(editor, article, title_en="New", _hold="1")
    article = Article.objects.get()
    withdraw_article(article, by=make_user("Editors"))
    article.refresh_from_db()
    assert article.title_en == "New"
    assert not PendingChanges.objects.exists()


def test_scripts_in_what_waits_do_not_reach_a_reader(editor, reader):
    article = make_article()
    edit(editor, article, body_en="<p>Good</p><script>bad()</script>", _hold="1")
    edit(editor, article)
    article.refresh_from_db()
    assert article.body_en == "<p>Good</p>"


# Times


def test_a_time_of_an_article_is_named_with_its_zone(editor, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    make_article(
        publish_time=datetime(2026, 3, 2, 20, 0, tzinfo=UTC),
        expire_time=datetime(2999, 3, 2, 20, 0, tzinfo=UTC),
    )
    form = editor.get(ADD).content.decode()
    assert "Publish time (Asia/Shanghai)" in form
    assert "Expire time (Asia/Shanghai)" in form
    page = editor.get("/admin/news/article/").content.decode()
    assert "Publish time (Asia/Shanghai)" in page
    assert "March 3, 2026, 4 a.m." in page
    assert "until March 3, 2999, 4 a.m." in page


def test_a_time_is_read_in_the_zone_that_is_named(editor, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    editor.post(ADD, new_form(editor, publish_time_0="2026-03-03", publish_time_1="04:00:00"))
    assert Article.objects.get().publish_time == datetime(2026, 3, 2, 20, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/St_Johns"])
def test_saving_never_moves_a_time(editor, settings, zone):
    settings.TIME_ZONE = zone
    moments = {
        "publish_time": datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC),
        "expire_time": datetime(2999, 10, 25, 23, 30, 1, 654321, tzinfo=UTC),
        "source_time": datetime(2021, 3, 2, 9, 2, 31, 1, tzinfo=UTC),
    }
    article = make_article(**moments)
    for number in range(3):
        assert edit(editor, article, title_en=f"Title {number}").status_code == 302
        assert edit(editor, article).status_code == 302
    article.refresh_from_db()
    assert {name: getattr(article, name) for name in moments} == moments


@pytest.mark.parametrize("hour", [0, 1], ids=["the first time", "the second time"])
def test_what_is_published_in_the_hour_that_comes_twice_can_be_changed(editor, settings, hour):
    settings.TIME_ZONE = "Europe/Berlin"
    moment = datetime(2025, 10, 26, hour, 30, 5, 7, tzinfo=UTC)  # both are 2:30 in Berlin
    article = make_article(publish_time=moment)
    assert edit(editor, article, title_en="New").status_code == 302
    article.refresh_from_db()
    assert (article.title_en, article.publish_time) == ("New", moment)


def test_an_hour_that_does_not_exist_is_refused_beside_its_field(editor, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    spring = {"publish_time_0": "2026-03-29", "publish_time_1": "02:30:00"}
    assert "publish_time" in errors(editor.post(ADD, new_form(editor, **spring)))


def test_a_new_article_begins_at_a_whole_second(editor):
    assert make_article().publish_time.microsecond == 0
    editor.post(ADD, new_form(editor))
    assert Article.objects.first().publish_time.microsecond == 0


@pytest.mark.parametrize("time", ["yesterday", "25:99", "2026-02-30"])
def test_nonsense_as_a_time_is_refused_beside_its_field(editor, time):
    assert "publish_time" in errors(editor.post(ADD, new_form(editor, publish_time_0=time)))


def test_counting_readings_is_no_change(reader):
    article = make_article()
    reader.get(article.get_absolute_url())
    before = article.updated_at
    article.refresh_from_db()
    assert article.updated_at == before


def test_the_sitemap_knows_when_an_article_was_last_changed(editor, reader):
    article = make_article(publish_time=datetime(2020, 1, 1, tzinfo=UTC))
    Article.objects.update(updated_at=datetime(2019, 1, 1, tzinfo=UTC))
    assert "<lastmod>2020-01-01" in reader.get("/sitemap-news.xml").content.decode()
    edit(editor, article, title_en="New")
    today = timezone.now().date()
    assert f"<lastmod>{today}" in reader.get("/sitemap-news.xml").content.decode()
