"""Old URLs of an imported WordPress site redirect in one step."""

from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.redirects.models import Redirect

from core.richtext.models import Picture
from news.models import Article, Category, Tag
from tests.factories import make_article
from tests.news.test_wordpress import import_site
from tests.news.wordpress.wxr import Wxr

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parent.parent / "cases/wordpress"
SITE = "https://old.example"


def old_blog(folder: str = "") -> Wxr:
    site = f"{SITE}{folder}"
    wxr = Wxr(site)
    wxr.category("machines", "Machines", number=5)
    wxr.item(
        1,
        "Captions",
        "Text",
        slug="captions",
        link=f"{site}/2020/05/captions/",
        date="2020-05-01 08:00:00",
        categories=("machines",),
        tags=(("steel", "Steel"),),
        meta={"_wp_old_slug": "photos"},
    )
    chinese = quote("破碎机").lower()
    wxr.item(2, "破碎机", "文", slug=chinese, link=f"{site}/2020/05/{chinese}/")
    wxr.page(3, "About", "We.", link=f"{site}/about/")
    wxr.picture(910, "2021/03/crusher.png", parent=1)
    wxr.picture(911, "2021/03/screen.png", parent=1)
    return wxr


@pytest.fixture
def blog(tmp_path, stored_files):
    return import_site(tmp_path, old_blog())


@pytest.fixture
def blog_in_a_folder(tmp_path, stored_files):
    return import_site(tmp_path, old_blog("/blog"))


def picture_url(name: str = "crusher.png") -> str:
    return Picture.objects.get(name=name).file.url


def assert_redirects(visitor, old: str, new: str) -> None:
    response = visitor.get(old)
    assert (response.status_code, response.get("Location")) == (301, new), old
    if not new.startswith("/media/"):
        assert visitor.get(new).status_code == 200, new


PAGES = {
    # posts
    "/2020/05/captions/": "/news/captions/",
    "/2020/05/captions": "/news/captions/",
    "/2020/05/captions/amp/": "/news/captions/",
    "/2020/05/captions/amp": "/news/captions/",
    "/2020/05/captions/?amp=1": "/news/captions/",
    "/2020/05/captions/feed/": "/news/captions/",
    "/2020/05/captions/feed/rss2/": "/news/captions/",
    "/2020/05/captions/comment-page-1/": "/news/captions/",
    "/2020/05/captions/comment-page-12": "/news/captions/",
    "/2020/05/captions/comment-page-2/amp/": "/news/captions/",
    "/2020/05/captions/2/": "/news/captions/",
    "/2020/05/captions/embed/": "/news/captions/",
    "/2020/05/captions/trackback/": "/news/captions/",
    "/2020/05/photos/": "/news/captions/",
    "/2020/05/photos/amp/": "/news/captions/",
    "/2020/05/captions/?replytocom=7": "/news/captions/",
    "/2020/05/captions/?utm_source=mail": "/news/captions/?utm_source=mail",
    "/2020/05/破碎机/": "/news/posuiji/",
    "/2020/05/破碎机/amp/": "/news/posuiji/",
    "/2020/05/%e7%a0%b4%e7%a2%8e%e6%9c%ba/feed/": "/news/posuiji/",
    # pages that keep their path
    "/about/amp/": "/about/",
    "/about/feed/": "/about/",
    "/about/comment-page-3/": "/about/",
    # short URLs
    "/?p=1": "/news/captions/",
    "/?page_id=3": "/about/",
    "/?p=3": "/about/",
    "/index.php?p=1": "/news/captions/",
    "/?p=1&utm_source=mail": "/news/captions/?utm_source=mail",
    "/?p=1&preview=true": "/news/captions/",
    "/?cat=5": "/news/category/machines/",
    "/?tag=steel": "/news/tag/steel/",
    "/?feed=rss2": "/news/feed/",
    "/?author=1": "/news/",
    # feeds
    "/feed/": "/news/feed/",
    "/feed": "/news/feed/",
    "/feed/rss2/": "/news/feed/",
    "/feed/atom/": "/news/feed/atom/",
    "/comments/feed/": "/news/feed/",
    "/category/machines/feed/": "/news/category/machines/feed/",
    "/author/july/feed/": "/news/feed/",
    # archives
    "/category/machines/": "/news/category/machines/",
    "/category/machines/page/2/": "/news/category/machines/",
    "/category/machines/page/2": "/news/category/machines/",
    "/tag/steel/": "/news/tag/steel/",
    "/tag/steel/page/3/": "/news/tag/steel/",
    "/author/july/": "/news/",
    "/author/July%20Zhang/page/4/": "/news/",
    "/page/2/": "/news/",
    "/2020/05/": "/news/archive/2020/5/",
    "/2020/05/01/": "/news/archive/2020/5/",
    "/2020/": "/news/",
    "/1999/12/": "/news/",
    "/amp/": "/",
}


def test_old_pages_redirect(blog, visitor):
    for old, new in PAGES.items():
        assert_redirects(visitor, old, new)


def test_old_pages_redirect_in_a_language(blog, visitor):
    for old, new in PAGES.items():
        assert_redirects(visitor, f"/ar{old}", f"/ar{new}")


def test_old_pages_in_a_folder_redirect(blog_in_a_folder, visitor):
    for old, new in {**PAGES, "/amp/": "/news/"}.items():
        assert_redirects(visitor, f"/blog{old}", new)
    assert_redirects(visitor, "/zh-hans/blog/2020/05/captions/amp/", "/zh-hans/news/captions/")
    assert_redirects(visitor, "/blog/", "/news/")


FILES = [
    "/wp-content/uploads/2021/03/crusher.png",
    "/wp-content/uploads/2021/03/crusher-300x225.png",
    "/wp-content/uploads/2021/03/crusher-1024x768.png",
    "/wp-content/uploads/2021/03/crusher-scaled.png",
    "/wp-content/uploads/2021/03/crusher.png?w=150",
    "/wp-content/uploads/2021/03/crusher-300x225.png?ssl=1",
    "/?attachment_id=910",
    "/?p=910",
    "/2021/03/attachment-910/",
]


def test_old_files_redirect(blog, visitor):
    for old in FILES:
        assert_redirects(visitor, old, picture_url())
        assert_redirects(visitor, f"/zh-hans{old}", picture_url())
    assert_redirects(
        visitor, "/wp-content/uploads/2021/03/screen-150x150.png", picture_url("screen.png")
    )
    missing = visitor.get("/wp-content/uploads/2021/03/other.png", follow=True)
    assert missing.status_code == 404


def test_old_files_in_a_folder_redirect(blog_in_a_folder, visitor):
    for old in FILES:
        assert_redirects(visitor, f"/blog{old}", picture_url())


def test_the_given_urls_redirect(tmp_path, stored_files, visitor):
    wxr = Wxr()
    wxr.item(1, "Captions", "Text", link=f"{SITE}/2020/05/captions/", slug="captions")
    wxr.picture(2, "2020/05/one.jpg", parent=1)
    import_site(tmp_path, wxr)
    lines = (CASES / "old-urls.txt").read_text().splitlines()
    urls = [line for line in lines if line.startswith("/")]
    picture = picture_url("one.jpg")
    news = ["/news/feed/", "/news/captions/", "/news/captions/"]
    for old, new in zip(urls, [picture, picture, *news], strict=True):
        assert_redirects(visitor, old, new)


def test_nothing_redirects_on_a_site_without_an_import(visitor):
    make_article(slug="captions")
    for old in [*PAGES, *FILES]:
        response = visitor.get(old, follow=True)
        # A missing slash is added.
        moved = [url.replace("/?", "?").rstrip("/") for url, _status in response.redirect_chain]
        assert moved in ([], [old]), old
        assert response.status_code == (200 if old.startswith("/?") else 404), old


def test_no_redirect_leaves_the_site(blog, visitor):
    for path in (
        "//evil.example/feed/", "//evil.example/2020/05/captions/amp/", "/\\evil.example/feed/",
        "/https://evil.example/amp/", "//evil.example/about/feed/", "/author//evil.example",
        "/2020/05/captions/amp/?url=//evil.example",
    ):  # fmt: skip
        location = visitor.get(path).get("Location", "/")
        assert location.startswith("/"), path
        assert not location.startswith(("//", "/\\")), path


def test_other_missing_pages_stay_missing(blog, visitor):
    for path in (
        "/products/none/amp/", "/news/none/feed/", "/2020/05/other/", "/2020/05/other/amp/",
        "/feed/none/", "/authors/july/", "/news/category/none/page/2/", "/wp-login.php",
        "/amp/amp/x/", "/none/", "/category/none/page/2/", "/wp-content/uploads/", "/%00/amp/",
    ):  # fmt: skip
        assert visitor.get(path, follow=True).status_code == 404, path


def test_an_article_that_kept_its_path_has_redirects_of_its_endings(
    tmp_path,
    stored_files,
    visitor,
):
    wxr = Wxr(f"{SITE}/news")
    wxr.category("machines", "Machines")
    wxr.item(1, "A", "x", link=f"{SITE}/news/a/", slug="a", categories=("machines",))
    import_site(tmp_path, wxr)
    make_article(slug="ours")
    assert_redirects(visitor, "/news/a/amp/", "/news/a/")
    assert_redirects(visitor, "/news/a/comment-page-1/", "/news/a/")
    assert_redirects(visitor, "/news/category/machines/page/2/", "/news/category/machines/")
    assert_redirects(visitor, "/news/author/july/", "/news/")
    assert visitor.get("/news/ours/amp/").status_code == 404
    assert visitor.get("/news/feed/").status_code == 200


def test_a_moved_article_redirects_in_one_step(blog, visitor):
    article = Article.objects.get(slug="captions")
    article.slug = "pictures"
    article.save()
    assert_redirects(visitor, "/2020/05/captions/amp/", "/news/pictures/")
    assert_redirects(visitor, "/?p=1", "/news/pictures/")


def test_a_deleted_article_ends_in_a_page_that_is_missing(blog, visitor):
    Article.objects.get(slug="captions").delete()
    response = visitor.get("/2020/05/captions/amp/", follow=True)
    assert [url for url, _status in response.redirect_chain] == ["/news/captions/"]
    assert response.status_code == 404


def test_a_redirect_to_itself_is_not_followed(blog, visitor):
    Redirect.objects.create(site_id=1, old_path="/round/", new_path="/round/amp/")
    assert visitor.get("/round/amp/").status_code == 404


def test_a_form_is_not_redirected(blog, visitor):
    assert visitor.post("/2020/05/captions/trackback/").status_code in {403, 404}


def test_categories_that_became_tags_redirect(tmp_path, stored_files, visitor):
    wxr = Wxr()
    wxr.category("machines", "Machines")
    wxr.category("crushers", "Crushers", parent="machines")
    wxr.category("fairs", "Fairs")
    wxr.item(1, "A", "x", categories=("crushers", "fairs"))
    import_site(tmp_path, wxr)
    assert Category.objects.filter(slug="crushers").exists()
    assert Tag.objects.filter(slug="fairs").exists()
    assert_redirects(visitor, "/category/machines/crushers/page/2/", "/news/category/crushers/")
    assert_redirects(visitor, "/category/fairs/", "/news/tag/fairs/")
