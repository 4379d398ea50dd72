"""Requests the pages of the site one at a time, as `bench.growth` asks for them.

A program that first writes the names of all pages. For each name that it reads from standard
input, it writes how many milliseconds the page took, without a server.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.test import Client

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def main() -> None:
    django.setup()
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
        print(milliseconds, flush=True)


def visitor() -> Client:
    return Client(headers={"User-Agent": BROWSER}, SERVER_NAME="127.0.0.1")


def staff() -> Client:
    """A client that is logged in as a superuser, who is created if needed."""
    from django.contrib.auth.models import User

    user, _ = User.objects.get_or_create(
        username="growth", defaults={"is_staff": True, "is_superuser": True}
    )
    client = visitor()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def all_pages() -> dict[str, Callable[[], str]]:
    """The path of each measured page by its name, as a function that looks it up."""
    return {**news_pages(), **search_pages(), **product_pages(), **other_pages()}


def news_pages() -> dict[str, Callable[[], str]]:
    from core.pagination import KeysetPaginator
    from news.archive import Month
    from news.models import Article, Category, Tag

    published = Article.objects.published()

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
        "category": lambda: Category.objects.get(name_en="Company").get_absolute_url(),
        "category, last page": lambda: "/news/category/company/?page=last",
        "small category": lambda: Category.objects.order_by("-pk")[0].get_absolute_url(),
        "common tag": lambda: Tag.objects.order_by("pk")[0].get_absolute_url(),
        "common tag, last page": lambda: "/news/tag/iso-9001/?page=last",
        "rare tag": lambda: Tag.objects.order_by("-pk")[5].get_absolute_url(),
        "archive month": lambda: Month.of(middle().publish_time).get_absolute_url(),
        "feed": lambda: "/news/feed/",
        "feed of a category": lambda: "/news/category/company/feed/",
        "news in Chinese": lambda: "/zh-hans/news/",
    }


def search_pages() -> dict[str, Callable[[], str]]:
    from news.models import Article

    def rare_word() -> str:
        """The name of a town in a title, which few articles have."""
        title = Article.objects.published().filter(title_en__startswith="Visitors from ")[0].title
        return title.split()[2]

    return {
        "search, common word": lambda: "/search/?q=crusher",
        "search, rare word": lambda: f"/search/?q={rare_word()}",
        "search, unknown word": lambda: "/search/?q=zeppelins",
        "search, three words": lambda: "/search/?q=crusher+limestone+bearing",
        "search, phrase": lambda: "/search/?q=%22jaw+crusher%22",
        "search, excluded word": lambda: "/search/?q=crusher+-jaw",
        "search, beginning of words": lambda: "/search/?q=cr*",
        "search, Chinese": lambda: "/zh-hans/search/?q=破碎机",
    }


def product_pages() -> dict[str, Callable[[], str]]:
    from products.models import Category, Product

    def middle() -> Any:
        newest = Product.objects.order_by("-pk")[0].pk
        return Product.objects.published().filter(pk__gte=newest // 2).order_by("pk")[0]

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
        "product category": lambda: Category.objects.get(name_en="Crushing").get_absolute_url(),
        "product category on level 3": lambda: middle().category.get_absolute_url(),
        "category with a specification": lambda: (
            f"{middle().category.get_absolute_url()}?spec=motor+power%3D75+kw"
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


if __name__ == "__main__":
    main()
