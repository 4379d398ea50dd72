"""Requests the pages of the site one at a time, as `bench.growth` asks for them.

A program that first writes the names of all pages. For each name that it reads from standard
input, it writes how many milliseconds the page took, without a server, and how many bytes it has.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()  # before the models are imported

# ruff: noqa: E402
from django.contrib.auth.models import User
from django.test import Client

from contacts.models import Contact
from core.pagination import KeysetPaginator
from demo.bulk.articles import RARE_TAG, RARE_WORD
from inquiries.models import Inquiry
from news.archive import Month
from news.models import Article, Tag
from news.models import Category as NewsCategory
from products.models import Category, Product

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def main() -> None:
    clients = {False: visitor(), True: staff()}
    paths = {name: path() for name, path in all_pages().items()}
    print("\t".join(paths), flush=True)
    for line in sys.stdin:
        path = paths[line.rstrip("\n")]
        client = clients[path.startswith("/admin/")]
        started = time.perf_counter()
        response = client.get(path)
        size = len(b"".join(response) if response.streaming else response.content)
        milliseconds = (time.perf_counter() - started) * 1000
        if response.status_code != 200 or not size:
            sys.exit(f"{path} answered {response.status_code}.")
        print(milliseconds, size, flush=True)


def visitor() -> Client:
    return Client(headers={"User-Agent": BROWSER}, SERVER_NAME="127.0.0.1")


def staff() -> Client:
    """A client that is logged in as a superuser, who is created if needed."""
    user, _ = User.objects.get_or_create(
        username="growth", defaults={"is_staff": True, "is_superuser": True}
    )
    client = visitor()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def all_pages() -> dict[str, Callable[[], str]]:
    """The path of each measured page by its name, as a function that looks it up."""
    return {**news_pages(), **search_pages(), **product_pages(), **other_pages(), **admin_pages()}


def news_pages() -> dict[str, Callable[[], str]]:
    published = Article.objects.published()
    newest = published[0]

    def middle() -> Any:
        """An article from the middle of the table."""
        newest = Article.objects.order_by("-pk")[0].pk
        return published.filter(pk__gte=newest // 2, category__isnull=False).order_by("pk")[0]

    def page_after(article: Any) -> str:
        return KeysetPaginator(published, 12).name("after", article)

    return {
        "home": lambda: "/",
        "news, first page": lambda: "/news/",
        "news, page 30": lambda: "/news/?page=30",
        "news, a page in the middle": lambda: f"/news/?page={page_after(middle())}",
        "news, last page": lambda: "/news/?page=last",
        "article": lambda: middle().get_absolute_url(),
        "category": lambda: NewsCategory.objects.get(name_en="Company").get_absolute_url(),
        "category, last page": lambda: "/news/category/company/?page=last",
        "small category": lambda: NewsCategory.objects.order_by("-pk")[0].get_absolute_url(),
        "common tag": lambda: Tag.objects.order_by("pk")[0].get_absolute_url(),
        "common tag, last page": lambda: "/news/tag/iso-9001/?page=last",
        "rare tag": lambda: Tag.objects.get(name_en=RARE_TAG).get_absolute_url(),
        "archive month": lambda: Month.of(newest.publish_time).get_absolute_url(),
        "feed": lambda: "/news/feed/",
        "feed of a category": lambda: "/news/category/company/feed/",
        "news in Chinese": lambda: "/zh-hans/news/",
    }


def search_pages() -> dict[str, Callable[[], str]]:
    return {
        "search, common word": lambda: "/search/?q=crusher",
        "search, rare word": lambda: f"/search/?q={RARE_WORD}",
        "search, unknown word": lambda: "/search/?q=zeppelins",
        "search, three words": lambda: "/search/?q=crusher+limestone+bearing",
        "search, phrase": lambda: "/search/?q=%22jaw+crusher%22",
        "search, excluded word": lambda: "/search/?q=crusher+-jaw",
        "search, beginning of words": lambda: "/search/?q=cr*",
        "search, Chinese": lambda: "/zh-hans/search/?q=破碎机",
    }


def product_pages() -> dict[str, Callable[[], str]]:
    def middle() -> Any:
        newest = Product.objects.order_by("-pk")[0].pk
        return Product.objects.published().filter(pk__gte=newest // 2).order_by("pk")[0]

    crushing = Category.objects.get(name_en="Crushing")
    leaf = Category.objects.filter(parent__parent=crushing).order_by("pk")[0]
    return {
        "products, first page": lambda: "/products/",
        "products, last page": lambda: "/products/?page=last",
        "products with a specification": lambda: "/products/?spec=motor+power%3D75+kw",
        "products with two specifications": lambda: (
            "/products/?spec=motor+power%3D75+kw&spec=voltage%3D400+v"
        ),
        "products, common word": lambda: "/products/?q=crusher",
        "products, model number": lambda: f"/products/?q={middle().sku}",
        "products, unknown word": lambda: "/products/?q=zeppelins",
        "product category": lambda: crushing.get_absolute_url(),
        "product category on level 3": lambda: leaf.get_absolute_url(),
        "category with a specification": lambda: (
            f"{crushing.get_absolute_url()}?spec=motor+power%3D75+kw"
        ),
        "product": lambda: middle().get_absolute_url(),
    }


def other_pages() -> dict[str, Callable[[], str]]:
    return {
        "sitemap index": lambda: "/sitemap.xml",
        "sitemap, part of the news": lambda: "/sitemap-news.xml",
        "sitemap, part of the products": lambda: "/sitemap-products.xml",
        "Google News": lambda: "/sitemap-google-news.xml",
        "site index": lambda: "/site-index/",
        "contacts": lambda: "/contacts/",
        "inquiry form": lambda: "/inquiry/",
    }


def admin_pages() -> dict[str, Callable[[], str]]:
    return {
        "admin, first page": lambda: "/admin/",
        "admin, operations": lambda: "/admin/operations/",
        "admin, a table of the statistics": lambda: (
            "/admin/inquiries/inquiry/statistics/products.csv"
        ),
        "admin, contacts": lambda: "/admin/contacts/contact/",
        "admin, outbox": lambda: "/admin/post_office/email/",
        "admin, log-ins": lambda: "/admin/axes/accesslog/",
        **article_admin_pages(),
        **inquiry_admin_pages(),
        **product_admin_pages(),
    }


def article_admin_pages() -> dict[str, Callable[[], str]]:
    url = "/admin/news/article/"
    related = (
        "/admin/autocomplete/?app_label=news&model_name=article&field_name=related_articles&term="
    )

    def middle() -> Any:
        newest = Article.objects.order_by("-pk")[0].pk
        return Article.objects.filter(pk__gte=newest // 2).order_by("pk")[0]

    newest = Article.objects.published()[0].publish_time
    return {
        "admin, articles": lambda: url,
        "admin, articles, page 20": lambda: f"{url}?p=20",
        "admin, articles, a part in the middle": lambda: f"{url}?start={middle().pk}",
        "admin, articles, oldest first": lambda: f"{url}?o=3",
        "admin, articles by title": lambda: f"{url}?o=1",
        "admin, articles by views": lambda: f"{url}?o=-7",
        "admin, drafts": lambda: f"{url}?state=draft",
        "admin, expired articles": lambda: f"{url}?state=expired",
        "admin, articles of a category": lambda: (
            f"{url}?category__id__exact={NewsCategory.objects.get(name_en='Company').pk}"
        ),
        "admin, articles of a month": lambda: (
            f"{url}?publish_time__year={newest.year}&publish_time__month={newest.month}"
        ),
        "admin, articles, common word": lambda: f"{url}?q=crusher",
        "admin, articles, part of a word": lambda: f"{url}?q=rushe",
        "admin, articles, unknown word": lambda: f"{url}?q=zeppelins",
        "admin, articles, slug": lambda: f"{url}?q={middle().slug}",
        "admin, articles, Chinese": lambda: f"{url}?q=破碎机",
        "admin, drafts with a word": lambda: f"{url}?q=crusher&state=draft",
        "admin, form of an article": lambda: f"{url}{middle().pk}/change/",
        "admin, versions of an article": lambda: f"{url}{middle().pk}/history/",
        "admin, deleted articles": lambda: f"{url}deleted/",
        "admin, related articles": lambda: related,
        "admin, related articles, a word": lambda: f"{related}crusher",
    }


def inquiry_admin_pages() -> dict[str, Callable[[], str]]:
    url = "/admin/inquiries/inquiry/"

    def middle() -> Any:
        newest = Inquiry.objects.order_by("-pk")[0].pk
        answered = Inquiry.objects.filter(pk__gte=newest // 2, first_response_at__isnull=False)
        return answered.order_by("pk")[0]

    first_contact = Contact.objects.order_by("pk")[0]
    newest = Inquiry.objects.order_by("-created_at")[0].created_at
    return {
        "admin, inquiries": lambda: url,
        "admin, inquiries, page 20": lambda: f"{url}?p=20",
        "admin, inquiries, a part in the middle": lambda: f"{url}?start={middle().pk}",
        "admin, inquiries, oldest first": lambda: f"{url}?o=7",
        "admin, inquiries by deadline": lambda: f"{url}?o=3",
        "admin, inquiries by reference": lambda: f"{url}?o=1",
        "admin, new inquiries": lambda: f"{url}?status__exact=new",
        "admin, won inquiries": lambda: f"{url}?status__exact=won",
        "admin, open inquiries": lambda: f"{url}?open=yes",
        "admin, overdue inquiries": lambda: f"{url}?late=yes",
        "admin, held inquiries": lambda: f"{url}?held=yes",
        "admin, inquiries of a contact": lambda: (
            f"{url}?assigned_to__id__exact={middle().assigned_to_id}"
        ),
        "admin, held inquiries of a contact": lambda: (
            f"{url}?assigned_to__id__exact={first_contact.pk}&held=yes"
        ),
        "admin, inquiries of a month": lambda: f"{url}?received={newest:%Y-%m}",
        "admin, inquiries from a country": lambda: f"{url}?country={middle().country.code}",
        "admin, inquiries from a rare country": lambda: f"{url}?country=TV",
        "admin, inquiries, reference": lambda: f"{url}?q={middle().reference}",
        "admin, inquiries, e-mail address": lambda: f"{url}?q={middle().email}",
        "admin, inquiries, common word": lambda: f"{url}?q=crusher",
        "admin, inquiries, unknown word": lambda: f"{url}?q=zeppelins",
        "admin, open inquiries with a word": lambda: f"{url}?q=crusher&open=yes",
        "admin, page of an inquiry": lambda: f"{url}{middle().pk}/change/",
        "admin, page of a buyer": lambda: f"{url}{middle().pk}/buyer/",
        "admin, form of a new inquiry": lambda: f"{url}add/",
    }


def product_admin_pages() -> dict[str, Callable[[], str]]:
    url = "/admin/products/product/"

    def middle() -> Any:
        newest = Product.objects.order_by("-pk")[0].pk
        return Product.objects.filter(pk__gte=newest // 2).order_by("pk")[0]

    return {
        "admin, products": lambda: url,
        "admin, products by name": lambda: f"{url}?o=1",
        "admin, products by model number": lambda: f"{url}?o=2",
        "admin, draft products": lambda: f"{url}?status__exact=draft",
        "admin, products of a category": lambda: (
            f"{url}?category__id__exact={Category.objects.get(name_en='Crushing').pk}"
        ),
        "admin, products, common word": lambda: f"{url}?q=crusher",
        "admin, products, model number": lambda: f"{url}?q={middle().sku}",
        "admin, products, unknown word": lambda: f"{url}?q=zeppelins",
        "admin, form of a product": lambda: f"{url}{middle().pk}/change/",
    }


if __name__ == "__main__":
    main()
