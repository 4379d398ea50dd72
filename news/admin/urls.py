"""URLs of the staff pages for articles, below `/admin/news/article/` and named `admin:…`."""

from django.urls import path

from news.admin.views import content_checks, page_views, pending_changes, preview, versions

urlpatterns = [
    path("content-checks/", content_checks.check_new, name="news_article_check_new"),
    path("<int:pk>/content-checks/", content_checks.check, name="news_article_check"),
    path("preview/", preview.preview_new, name="news_article_preview_new"),
    path("<int:pk>/preview/", preview.preview, name="news_article_preview"),
    path("<int:pk>/discard/", pending_changes.discard, name="news_article_discard"),
    # In place of Django's own list of log entries.
    path("<int:pk>/history/", versions.history, name="news_article_history"),
    path("<int:pk>/history/compare/", versions.compare, name="news_article_compare"),
    path("<int:pk>/history/<int:version>/restore/", versions.restore, name="news_article_restore"),
    path("deleted/", versions.deleted, name="news_article_deleted"),
    path("deleted/<int:version>/recover/", versions.recover, name="news_article_recover"),
    path("page-views.csv", page_views.export, name="news_article_page_views"),
]
