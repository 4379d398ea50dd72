"""Which requests are answered with a kept page, and that no visitor gets an old or another's."""

import gzip
import json
from datetime import time, timedelta
from urllib.parse import urlsplit

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.test import Client
from django.utils import timezone

from contacts.models import Company, Holiday, WorkingHours
from core.page_cache.body import SLOT
from core.pages.models import Page
from news.models import Article, Category, Tag
from news.preview import preview_url
from news.services.publishing import save_article, withdraw_article
from products.models import Category as ProductCategory
from products.models import Download, Product, ProductImage, Specification, Variant
from tests.factories import (
    make_article,
    make_company,
    make_contact,
    make_page,
    make_product,
    make_user,
)

PAGES = [
    "/", "/news/", "/news/pump/", "/news/category/plants/", "/news/tag/sand/", "/news/feed/",
    "/products/", "/products/mixer/", "/products/category/mixers/", "/contacts/", "/site-index/",
    "/about/", "/ar/", "/zh-hans/news/pump/",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _content(db):
    make_company(hotline="+86 371 5555 0100")
    make_contact(name="July")
    category = Category.objects.create(name="Plants", slug="plants")
    article = make_article(slug="pump", title="A pump", category=category, views=7)
    article.tags.add(Tag.objects.create(name="Sand", slug="sand"))
    product = make_product(slug="mixer", name="A mixer")
    product.category.slug = "mixers"
    product.category.save()
    make_page(title="About")


@pytest.mark.parametrize("url", PAGES)
def test_a_page_is_rendered_once(site, url):
    first = site.get(url)
    second = site.get(url)
    assert first.status == second.status == 200
    assert len(site.rendered) == 1
    assert first.text.replace("8         ", "9         ") == second.text


@pytest.mark.parametrize("url", PAGES)
def test_a_kept_page_has_the_headers_of_a_rendered_one(site, url):
    rendered = site.get(url).headers
    kept = site.get(url).headers
    assert {name for name in rendered if rendered[name] != kept[name]} <= {"ETag"}
    assert kept.keys() == rendered.keys()
    uncached = Client().get(url).headers
    own = {"Content-Length", "Cache-Control", "ETag", "Last-Modified", "X-Request-ID"}
    for name in uncached.keys() - own:
        assert kept[name] == uncached[name]
    assert "X-Request-ID" not in kept, "it would be that of another visitor"
    assert kept["Cache-Control"] == "no-cache"
    assert kept["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity", "gzip;q=0.5, br;q=0", "*"])
def test_a_page_is_the_same_in_every_encoding(site, encoding):
    plain = site.get("/news/").text
    response = site.get("/news/", accept_encoding=encoding)
    match response.headers.get("Content-Encoding"):
        case "gzip":
            assert gzip.decompress(response.body).decode() == plain
        case _:
            assert response.text == plain
    assert response.headers["Content-Length"] == str(len(response.body))
    assert ("Content-Encoding" in response.headers) == (encoding != "identity")


@pytest.mark.parametrize(
    "query", ["utm_source=x", "fbclid=1&gclid=2", "page", "PAGE=2", "%FF=%00", "&&=&"]
)
def test_parameters_that_a_page_does_not_know_make_no_other_page(site, query):
    site.get("/news/pump/")
    assert not site.renders(f"/news/pump/?{query}")


def test_parameters_that_a_page_knows_make_another_page(site):
    for number in range(30):
        make_article(title=f"Article {number}")
    first = site.get("/news/").text
    second = site.get("/news/?utm_source=x&page=2").text
    assert first != second
    assert "utm_source" not in second
    assert not site.renders("/news/?page=2&gclid=5")
    assert site.get("/news/?page=2").text == second
    assert site.get("/products/?q=mixer").text != site.get("/products/?q=nothing").text
    filtered = site.get("/products/?min:weight:t=900&utm_source=x").text
    assert filtered != site.get("/products/").text
    assert not site.renders("/products/?min:weight:t=900&minimum:weight:t=5")


@pytest.mark.parametrize(
    "cookie",
    [
        "_ga=GA1.1.5",
        "csrftoken=" + "a" * 32,
        "basket=1:2",
        "theme=dark; _fbp=fb.1",
        "xsession=1",
        "_hjsessionid=1; chat-messages=5",
        "a=sessionid=5",
    ],
)
def test_cookies_of_others_make_no_difference(site, cookie):
    page = site.get("/products/mixer/", cookie=cookie)
    assert "Set-Cookie" not in page.headers
    assert not site.renders("/products/mixer/", cookie=cookie)
    assert not site.renders("/products/mixer/")


@pytest.mark.parametrize(
    "headers",
    [{"cookie": "sessionid=abc"}, {"cookie": "a=b; messages=xyz"}, {"authorization": "Basic x"}],
)
def test_a_private_request_is_rendered_each_time(site, headers):
    site.get("/news/pump/")
    assert site.renders("/news/pump/", **headers)
    assert site.renders("/news/pump/", **headers)
    assert "private" in site.get("/news/pump/", **headers).headers["Cache-Control"]


def test_a_page_is_rendered_without_what_one_visitor_sent(site, monkeypatch):
    seen = []

    def note(request, *args):
        seen.append(request)
        return render(request, *args)

    monkeypatch.setattr("core.pages.views.render", note)
    private = {"cookie": "basket=1:2; csrftoken=" + "a" * 32, "referer": "http://testserver/x"}
    site.get("/about/?utm_source=x", accept_language="ar", if_none_match="*", **private)
    [request] = seen
    assert not request.COOKIES
    assert not request.GET
    assert not {"Accept-Language", "If-None-Match", "Referer", "User-Agent"} & set(request.headers)


def give_cookie(request):
    response = render(request, "base.html")
    response.set_cookie("visitor", "5")
    return response


def give_token(request):
    return HttpResponse(get_token(request))


@pytest.mark.parametrize("respond", [give_cookie, give_token])
def test_a_page_that_gives_the_visitor_a_cookie_is_not_kept(site, monkeypatch, respond):
    monkeypatch.setattr("core.pages.views.render", lambda request, *args: respond(request))
    first, second = site.get("/about/"), site.get("/about/")
    assert len(site.rendered) == 2
    assert first.headers["Set-Cookie"]
    assert (first.body == second.body) == (respond is give_cookie)


def test_staff_see_the_same_page_and_are_not_counted(site, as_user):
    site.get("/news/pump/")
    client = as_user(make_user("Editors"))
    session = client.cookies["sessionid"].value
    assert site.get("/news/pump/", cookie=f"sessionid={session}").views == 8
    assert site.get("/news/pump/").views == 9


@pytest.mark.parametrize("url", ["/inquiry/", "/inquiry/basket/", "/search/?q=pump", "/healthz"])
def test_pages_for_one_visitor_are_not_kept(site, url):
    site.get(url)
    assert site.renders(url)


@pytest.mark.parametrize("url", ["/news/nothing/", "/nothing/", "/products/nothing/", "/de/"])
def test_a_missing_page_is_not_kept(site, url):
    assert site.get(url).status == 404
    assert site.renders(url)


def test_a_page_that_appears_is_not_hidden_by_an_earlier_404(site, committed):
    assert site.get("/news/late/").status == 404
    with committed():
        make_article(slug="late")
    assert site.get("/news/late/").status == 200


def test_a_head_request_keeps_no_empty_page(site):
    site.get("/news/pump/", method="HEAD")
    page = site.get("/news/pump/")
    assert "A pump" in page.text
    head = site.get("/news/pump/", method="HEAD")
    assert head.body == b""
    assert head.headers["Content-Length"] == page.headers["Content-Length"]
    assert site.get("/news/pump/").views == page.views + 1


def test_a_page_in_another_language_scheme_or_of_another_host_is_another(site, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    english = site.get("/news/pump/").text
    assert '<html lang="ar"' in site.get("/ar/news/pump/").text
    assert '<html lang="en"' in site.get("/news/pump/", accept_language="ar").text
    assert site.renders("/news/pump/", host="other.example")
    assert site.renders("/news/pump/", scheme="https")
    assert not site.renders("/news/pump/", x_forwarded_proto="https")
    settings.PROXY_COUNT = 1
    assert site.renders("/news/pump/", x_forwarded_proto="https")
    settings.PROXY_COUNT = 0
    assert site.get("/news/pump/", host="evil.example").status == 400
    assert site.get("/news/pump/").text.replace(" 15  ", " 8   ") == english


def test_a_view_is_counted_and_shown_with_each_reading(site):
    assert [site.get("/news/pump/").views for _ in range(3)] == [8, 9, 10]
    for headers in ({"user_agent": "Googlebot/2.1"}, {"sec_purpose": "prefetch"}):
        assert site.get("/news/pump/", **headers).views == 10
    assert site.get("/news/pump/", method="HEAD").status == 200
    assert site.get("/zh-hans/news/pump/").text.count("11  ") == 1


def test_a_text_that_contains_the_placeholder_of_the_number_breaks_no_page(site, committed):
    with committed():
        make_product(slug="odd", name=f"Odd {SLOT}")
        make_article(slug="odd", title=f"Odd {SLOT}", views=3)
    assert SLOT in site.get("/products/odd/").text
    for views in (4, 5):
        page = site.get("/news/odd/")
        assert SLOT in page.text
        assert page.views == views


def test_a_client_that_has_the_page_gets_304(site):
    page = site.get("/news/")
    for headers in (
        {"if_none_match": page.headers["ETag"]},
        {"if_none_match": f'"other", {page.headers["ETag"]}'},
        {"if_modified_since": page.headers["Last-Modified"]},
    ):
        response = site.get("/news/", **headers)
        assert (response.status, response.body) == (304, b"")
        assert response.headers["ETag"] == page.headers["ETag"]
        assert "Content-Security-Policy" in response.headers
    assert site.get("/news/", if_none_match='"other"').status == 200
    assert site.get("/news/", if_modified_since="nonsense").status == 200


def test_a_reading_that_counts_is_never_answered_with_304(site):
    tag = site.get("/news/pump/").headers["ETag"]
    assert site.get("/news/pump/", if_none_match=tag).views == 9
    crawler = {"user_agent": "Googlebot/2.1", "if_none_match": tag}
    assert site.get("/news/pump/", **crawler).status == 304


def test_a_page_from_before_a_change_is_modified_even_within_a_second(site, committed):
    before = site.get("/news/").headers["Last-Modified"]
    with committed():
        make_article(slug="another", title="Another")
    assert site.get("/news/", if_modified_since=before).status == 200


# What changes which pages


def change_article():
    article = Article.objects.get(slug="pump")
    article.title = "A better pump"
    save_article(article, article.content, by=None)


def change_in_bulk():
    Article.objects.filter(slug="pump").update(title_en="A better pump", title="A better pump")


def change_company():
    make_company(name="Another name")


def change_category():
    category = Category.objects.get(slug="plants")
    category.name = "Works"
    category.save()


def change_product():
    product = Product.objects.get(slug="mixer")
    product.name = "A better mixer"
    product.save()


def add_specification():
    Specification.objects.create(
        product=Product.objects.get(slug="mixer"), name="Weight", value="7 t"
    )


def change_page():
    page = Page.objects.get(path="about")
    page.title = "About us"
    page.save()


def hide_page():
    page = Page.objects.get(path="about")
    page.status = Page.Status.DRAFT
    page.save()


def add_working_hours():
    WorkingHours.objects.create(
        company=Company.get_solo(), weekday=0, opens=time(8), closes=time(17)
    )


CHANGES = [
    (change_article, {"/", "/news/", "/news/pump/", "/news/category/plants/", "/news/tag/sand/"}),
    (change_in_bulk, {"/", "/news/", "/news/pump/", "/news/category/plants/"}),
    (change_category, {"/", "/news/", "/news/pump/", "/news/category/plants/"}),
    (change_product, {"/", "/products/", "/products/mixer/", "/products/category/mixers/"}),
    (add_specification, {"/products/", "/products/mixer/"}),
    (change_page, {"/about/"}),
    (hide_page, {"/about/"}),
    (change_company, set(PAGES)),
    (lambda: make_contact(name="Abner"), set(PAGES)),
    (add_working_hours, set(PAGES)),
]
UNCHANGED = {
    change_article: {"/products/", "/products/mixer/", "/about/", "/contacts/", "/news/far/"},
    change_product: {"/news/", "/news/pump/", "/about/", "/contacts/"},
    change_page: {"/news/", "/products/", "/contacts/"},
}


@pytest.mark.parametrize(("change", "pages"), CHANGES)
def test_a_change_shows_at_once_on_the_pages_that_have_it(
    site, committed, monkeypatch, change, pages
):
    now = timezone.now().timestamp()
    monkeypatch.setattr("time.time", lambda: now)  # no page ends by itself
    for number in range(20):  # so that this article is neither a neighbour nor related
        at = timezone.now() - timedelta(days=number + 1)
        make_article(slug="far" if number == 10 else f"old-{number}", publish_time=at)
    unchanged = UNCHANGED.get(change, set())
    for url in pages | unchanged:
        site.get(url)
    with committed():
        change()
    for url in pages:
        assert site.renders(url), url
    for url in unchanged:
        assert not site.renders(url), url


@pytest.mark.parametrize(
    ("rows", "values", "url"),
    [
        (Category.objects, {"name": "Works"}, "/news/category/plants/"),
        (Tag.objects, {"name": "Gravel"}, "/news/pump/"),
        (ProductCategory.objects, {"order": 5}, "/products/"),
        (Specification.objects, {"value": "8 t"}, "/products/mixer/"),
        (Variant.objects, {"name": "Small"}, "/products/mixer/"),
        (Download.objects, {"title": "Manual"}, "/products/mixer/"),
        (ProductImage.objects, {"order": 5}, "/products/mixer/"),
        (WorkingHours.objects, {"weekday": 5}, "/contacts/"),
        (Holiday.objects, {"name": "New Year"}, "/contacts/"),
    ],
    ids=lambda value: value.model.__name__ if hasattr(value, "model") else "",
)
def test_a_change_of_many_rows_shows_at_once(site, committed, rows, values, url):
    product, day = Product.objects.get(), timezone.now().date()
    add_working_hours()
    Holiday.objects.create(company=Company.get_solo(), name="A", first_day=day, last_day=day)
    for model in (Specification, Variant, Download, ProductImage):
        model.objects.create(product=product)
    site.get(url)
    with committed():
        rows.update(**values)
    assert site.renders(url)


def test_a_command_has_all_pages_rendered_again(site, committed):
    site.get("/news/")
    with committed():
        call_command("clear_page_cache", verbosity=0)
    assert site.renders("/news/")


def test_loaded_data_shows_at_once_whatever_its_order(site, committed, tmp_path):
    rows = serializers.serialize("python", [*Specification.objects.all(), *Product.objects.all()])
    specification = {
        "model": "products.specification",
        "fields": {"product": Product.objects.get().pk + 1, "name": "Weight", "value": "7 t"},
    }
    product = {**rows[-1], "pk": Product.objects.get().pk + 1}
    product["fields"] = {**product["fields"], "slug": "loaded", "name_en": "Loaded"}
    file = tmp_path / "rows.json"
    file.write_text(json.dumps([specification, product], default=str))
    site.get("/products/")
    with committed():
        call_command("loaddata", file, verbosity=0)
    assert "Loaded" in site.get("/products/").text


def test_a_change_that_is_rolled_back_changes_no_page(site, committed):
    site.get("/news/pump/")
    with committed(), transaction.atomic():
        change_article()
        transaction.set_rollback(True)
    assert not site.renders("/news/pump/")


def test_a_withdrawn_article_is_gone_at_once(site, committed):
    neighbour = make_article(slug="older", publish_time=timezone.now() - timedelta(days=1))
    site.get("/news/pump/")
    assert "A pump" in site.get(neighbour.get_absolute_url()).text
    with committed():
        withdraw_article(Article.objects.get(slug="pump"), by=None)
    assert site.get("/news/pump/").status == 410
    assert site.get("/zh-hans/news/pump/").status == 410
    assert "A pump" not in site.get("/news/").text
    assert "A pump" not in site.get(neighbour.get_absolute_url()).text


def test_a_deleted_article_is_gone_at_once(site, committed):
    site.get("/news/pump/")
    with committed():
        Article.objects.filter(slug="pump").delete()
    assert site.get("/news/pump/").status == 404
    assert "A pump" not in site.get("/").text


def test_an_article_with_another_slug_is_gone_from_its_old_path(site, committed):
    site.get("/news/pump/")
    with committed():
        article = Article.objects.get(slug="pump")
        save_article(article, {**article.content, "slug": "new-pump"}, by=None)
    assert site.get("/news/pump/").status in (301, 404)
    assert site.get("/news/new-pump/").status == 200


def test_a_draft_changes_no_page_and_its_preview_is_not_kept(site, committed):
    site.get("/news/")
    with committed():
        draft = make_article(slug="draft", status="draft")
        draft.title = "Changed"
        draft.save()
    assert not site.renders("/news/")
    url = urlsplit(preview_url(draft)).path
    assert "Changed" in site.get(url).text
    assert site.renders(url)
    assert site.get("/news/draft/").status == 404


def test_a_scheduled_article_appears_and_expires_at_its_minute(site, committed, monkeypatch):
    now = timezone.now()
    with committed():
        make_article(
            slug="soon",
            title="Soon",
            publish_time=now + timedelta(seconds=40),
            expire_time=now + timedelta(seconds=80),
        )

    def at(seconds):
        moment = now + timedelta(seconds=seconds)
        monkeypatch.setattr("time.time", moment.timestamp)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    assert site.get("/news/soon/").status == 404
    for seconds, shown in ((1, False), (39, False), (41, True), (79, True), (81, False)):
        at(seconds)
        for url in ("/news/", "/news/pump/"):
            assert ("Soon" in site.get(url).text) == shown, (seconds, url)
        assert site.get("/news/soon/").status == (200 if shown else 410 if seconds > 80 else 404)


def test_a_page_ends_after_a_quarter_of_an_hour(site, monkeypatch):
    site.get("/news/")
    later = timezone.now() + timedelta(minutes=15)
    monkeypatch.setattr("time.time", later.timestamp)
    assert site.renders("/news/")


def test_a_page_ends_when_the_clock_is_set_back(site, committed, monkeypatch):
    now = timezone.now()
    with committed():
        make_article(slug="soon", title="Soon", publish_time=now + timedelta(minutes=1))
    for minutes, is_shown in ((2, True), (0, False), (2, True)):
        moment = now + timedelta(minutes=minutes)
        monkeypatch.setattr("time.time", moment.timestamp)
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        assert ("Soon" in site.get("/news/").text) == is_shown


def test_behind_a_content_delivery_network_pages_may_be_kept_and_hits_do_not_count(site, settings):
    settings.CDN = True
    for _ in range(2):
        page = site.get("/news/pump/")
        assert page.headers["Cache-Control"] == "public, max-age=0, s-maxage=60"
        assert page.views == 7
    private = site.get("/news/pump/", cookie="sessionid=abc").headers["Cache-Control"]
    assert "private" in private
