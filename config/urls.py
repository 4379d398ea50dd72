"""The URLs of the site. Public pages have one per language; the first language has no prefix."""

from datetime import timedelta

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, re_path
from django.views.generic import TemplateView

from contacts.views import favicon, look, manifest
from core.admin.search import search as search_admin
from core.admin.view_on_site import view_on_site
from core.media import serve_media
from core.operations.views import alive, ready, show_metrics
from core.page_cache.views import cached_page
from core.pages import page_cache as pages_page_cache
from core.pages import sitemaps as page_sitemaps
from core.pages.views import home, page
from core.sitemaps import show_index, show_part
from news import page_cache as news_page_cache
from news import sitemaps as news_sitemaps
from news.models import Article
from news.models import Category as NewsCategory
from news.queries import find_articles_for_home
from news.sitemaps import show_google_news
from products import page_cache as products_page_cache
from products import sitemaps as product_sitemaps
from products.queries import find_categories_for_home, find_products_for_home
from products.site_index import get_categories_with_products

sitemap_sections = {
    **page_sitemaps.sections,
    **news_sitemaps.sections,
    **product_sitemaps.sections,
}


def standard_home(request: HttpRequest) -> HttpResponse:
    """The home page of a site that has not made one of blocks."""
    context = {
        "products": find_products_for_home(),
        "categories": find_categories_for_home(),
        "articles": find_articles_for_home(),
    }
    return render(request, "home.html", context)


site_index = TemplateView.as_view(
    template_name="site_index.html",
    extra_context={
        "product_categories": get_categories_with_products,
        "news_categories": NewsCategory.objects.all,
        "articles": Article.objects.newest,
    },
)

news_and_products = (
    news_page_cache.ALL,
    news_page_cache.LISTS,
    products_page_cache.ALL,
    products_page_cache.LISTS,
)
# The home page says which contacts can be reached now.
keep_home = cached_page(
    pages_page_cache.CHANGED_TAG,
    *news_and_products,
    lifetime=timedelta(minutes=1),
    next_change=news_page_cache.next_change,
)
keep_site_index = cached_page(*news_and_products, next_change=news_page_cache.next_change)

urlpatterns = [
    path("healthz", alive, name="healthz"),
    path("readyz", ready, name="readyz"),
    path("metrics", show_metrics, name="metrics"),
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain")),
    path("favicon.ico", favicon),
    path("look/<slug:color>-<slug:corners>-<slug:font>.<slug:version>.css", look, name="look"),
    path("sitemap.xml", show_index, {"sections": sitemap_sections}),
    path("sitemap-google-news.xml", show_google_news),
    path("sitemap-<section>.xml", show_part, {"sections": sitemap_sections}, name="sitemap"),
    path(f"{settings.ADMIN_PATH}/operations/", include("core.operations.urls")),
    path(f"{settings.ADMIN_PATH}/richtext/", include("core.richtext.urls")),
    path(
        f"{settings.ADMIN_PATH}/r/<int:content_type_id>/<path:object_id>/",
        admin.site.admin_view(view_on_site),
    ),
    path(f"{settings.ADMIN_PATH}/", include("accounts.urls")),
    path(f"{settings.ADMIN_PATH}/find/", search_admin, name="admin_search"),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    *i18n_patterns(
        path("", keep_home(home), {"standard_home": standard_home}, name="home"),
        path("site.webmanifest", manifest, name="manifest"),
        path("site-index/", keep_site_index(site_index), name="site-index"),
        path("news/", include("news.urls")),
        path("search/", include("core.search.urls")),
        path("products/", include("products.urls")),
        path("inquiry/", include("inquiries.urls")),
        path("contacts/", include("contacts.urls")),
        re_path(r"^(?P<url>.+/)$", page, name="page"),
        prefix_default_language=False,
    ),
]
handler500 = "core.csrf.server_error_page"
if settings.SERVE_MEDIA:
    urlpatterns.append(path(f"{settings.MEDIA_URL.lstrip('/')}<path:path>", serve_media))
