"""Content that changes at random, and visitors who look whether a page is old or another's."""

import random
import re
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPMessage
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from contacts.models import Company, Contact
from news.models import Article, Category
from news.preview import preview_url
from news.services.publishing import publish_article, save_article, withdraw_article
from products.models import Product
from tests.endurance.web_server import WebServer
from tests.factories import (
    BROWSER,
    make_article,
    make_company,
    make_contact,
    make_page,
    make_product,
    make_user,
)

# What each page shows, as the names of the numbers in its texts.
PAGES = {
    "/": ("article", "company", "product", "category"),
    "/news/": ("article", "company", "category"),
    "/news/read/": ("article", "company", "contact"),
    "/news/category/news/": ("article", "category"),
    "/news/other/": ("article", "company"),
    "/products/": ("product", "company"),
    "/products/read/": ("product", "company"),
    "/contacts/": ("contact",),
    "/about/": ("page", "company"),
    "/ar/news/read/": ("translation", "company"),
    "/ar/news/": ("translation",),
    "/news/feed/": ("article", "company"),
}
MISSING = ("/news/draft/", "/news/nothing/", "/products/nothing/", "/members/")


class Other:
    """What visitors get for /news/other/ until it changes again; None while it changes."""

    def __init__(self, status: int | None) -> None:
        self.status = status


class ChangingSite:
    """Content whose texts have numbers that only grow, and what was committed last."""

    def __init__(self, folder: Path) -> None:
        self.sheet = folder / "products.csv"
        self.source = random.Random(5)  # noqa: S311
        self.changes: dict[str, list[Callable[[str], None]]] = {
            "article": [self.change_title, self.change_title_in_bulk],
            "translation": [self.change_translation],
            "company": [self.change_company],
            "contact": [self.change_contact],
            "category": [self.change_category],
            "product": [self.change_product, self.import_product],
            "page": [self.change_page],
        }
        self.numbers = dict.fromkeys(self.changes, 0)
        self.other = Other(200)
        make_company(name="company-0.")
        self.contact = make_contact(name="contact-0.")
        category = Category.objects.create(name="category-0.", slug="news")
        self.article = make_article(
            slug="read", title="article-0.", title_ar="translation-0.", category=category
        )
        yesterday = timezone.now() - timedelta(days=1)
        make_article(slug="other", title="Other", publish_time=yesterday, category=category)
        self.draft = make_article(slug="draft", title="A hidden draft", status="draft")
        self.product = make_product(slug="read", sku="R-1", name="product-0.", featured=True)
        self.secret = make_product(slug="secret", name="A product in one list")
        self.page = make_page(title="page-0.")
        make_page("members", title="For members", status="draft")
        self.staff_cookie = self.log_in()
        self.basket_cookie = self.fill_basket()
        self.preview_path = urlsplit(preview_url(self.draft)).path

    def log_in(self) -> str:
        client = Client()
        client.force_login(make_user("Editors"))
        return f"sessionid={client.cookies['sessionid'].value}"

    def fill_basket(self) -> str:
        client = Client(headers={"Sec-Fetch-Site": "same-origin"}, SERVER_NAME="127.0.0.1")
        client.post("/inquiry/basket/add/", {"product": "secret"}, secure=True)
        return f"basket={client.cookies['basket'].value}"

    def change_title(self, text: str) -> None:
        article = Article.objects.get(slug="read")
        save_article(article, {**article.content, "title_en": text}, by=None)

    def change_title_in_bulk(self, text: str) -> None:
        Article.objects.filter(slug="read").update(title=text, title_en=text)

    def change_translation(self, text: str) -> None:
        article = Article.objects.get(slug="read")
        save_article(article, {**article.content, "title_ar": text}, by=None)

    def change_company(self, text: str) -> None:
        company = Company.get_solo()
        company.name = company.name_en = text
        company.save()

    def change_contact(self, text: str) -> None:
        Contact.objects.filter(pk=self.contact.pk).update(name=text)

    def change_category(self, text: str) -> None:
        category = Category.objects.get(slug="news")
        category.name = category.name_en = text
        category.save()

    def change_product(self, text: str) -> None:
        product = Product.objects.get(slug="read")
        product.name = product.name_en = text
        product.save()

    def import_product(self, text: str) -> None:
        self.sheet.write_text(f"sku,name_en\nR-1,{text}\n")
        call_command("import_products", self.sheet, stdout=StringIO())

    def change_page(self, text: str) -> None:
        self.page.title = text
        self.page.save()

    def change(self) -> None:
        kind = self.source.choice(list(self.changes))
        number = self.numbers[kind] + 1
        self.source.choice(self.changes[kind])(f"{kind}-{number}.")
        self.numbers[kind] = number  # from now on, no page may have an earlier one
        self.change_something_else()

    def change_something_else(self) -> None:
        """Changes that must not bring an old page back."""
        self.source.choice(
            [
                lambda: make_contact(name="Somebody"),
                lambda: Contact.objects.filter(name="Somebody").delete(),
                lambda: Article.objects.get(slug="draft").save(),
                lambda: self.article.tags.clear(),
                self.hide_or_show_other,
            ]
        )()

    def hide_or_show_other(self) -> None:
        other = Article.objects.get(slug="other")
        self.other = Other(None)
        if other.is_published:
            withdraw_article(other, by=None)
            self.other = Other(410)
        else:
            publish_article(other, by=None)
            self.other = Other(200)


def read(server: WebServer, path: str, **headers: str) -> tuple[int, str, HTTPMessage]:
    response = server.send("GET", path, User_Agent=BROWSER, **headers)
    return response.status, response.read().decode(), response.headers


class Reader:
    """Visitors who read the pages of a site in several ways."""

    def __init__(self, server: WebServer, site: ChangingSite, seed: int) -> None:
        self.server, self.site = server, site
        self.source = random.Random(seed)  # noqa: S311

    def read_something(self) -> None:
        rare = [self.read_missing_page, self.read_basket, self.read_preview, self.read_form]
        self.source.choice([self.read_page] * 12 + rare)()

    def read_page(self) -> None:
        """A public page must not be older than the last change that was answered."""
        path = self.source.choice(list(PAGES))
        cookie = self.source.choice(
            ["", "", f"_ga=1; {self.site.basket_cookie}", self.site.staff_cookie]
        )
        query = self.source.choice(["", "?utm_source=x"])
        known, other = dict(self.site.numbers), self.site.other
        status, page, headers = read(self.server, path + query, Cookie=cookie, Accept_Language="ar")
        if path == "/news/other/":
            if other.status and other is self.site.other:
                assert status == other.status
            if status == 410:
                return
        assert status == 200, (path, status)
        if "sessionid" in cookie:
            assert "private" in headers["Cache-Control"]
        assert "Set-Cookie" not in headers
        assert "csrfmiddlewaretoken" not in page
        if not path.endswith("/feed/"):
            assert f'<html lang="{"ar" if path.startswith("/ar/") else "en"}"' in page
        for kind in PAGES[path]:
            shown = [int(number) for number in re.findall(rf"{kind}-(\d+)\.", page)]
            assert shown, f"{path} without {kind}"
            assert min(shown) >= known[kind], f"{path} shows {kind}-{min(shown)}, not {known[kind]}"

    def read_missing_page(self) -> None:
        path = self.source.choice(MISSING)
        cookie = self.source.choice(["", self.site.staff_cookie])
        assert read(self.server, path, Cookie=cookie)[0] == 404, path

    def read_basket(self) -> None:
        for cookie, count in ((self.site.basket_cookie, 1), ("", 0)):
            _status, page, headers = read(self.server, "/inquiry/basket/", Cookie=cookie)
            assert min(page.count("A product in one list"), 1) == count
            assert "no-store" in headers["Cache-Control"]

    def read_preview(self) -> None:
        status, page, headers = read(self.server, self.site.preview_path)
        assert status == 200
        assert "A hidden draft" in page
        assert "no-store" in headers["Cache-Control"]

    def read_form(self) -> None:
        """Each visitor gets a token of their own."""
        forms = [read(self.server, "/inquiry/") for _ in range(2)]
        tokens = [re.search(r'csrfmiddlewaretoken" value="(\w+)"', page) for _, page, _ in forms]
        assert len({token.group(1) for token in tokens if token}) == 2
        assert all("csrftoken=" in headers["Set-Cookie"] for _, _, headers in forms)
