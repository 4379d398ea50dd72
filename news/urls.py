from django.urls import path

from core.page_cache.views import cached_page
from news import feeds, page_cache, views
from news.preview import shared_preview

app_name = "news"
keep_list = cached_page(
    page_cache.ALL, page_cache.LISTS, parameters=["page"], next_change=page_cache.next_change
)
urlpatterns = [
    path("", keep_list(views.ArticleList.as_view()), name="list"),
    path("category/<slug:slug>/", keep_list(views.CategoryArticleList.as_view()), name="category"),
    path("tag/<slug:slug>/", keep_list(views.TagArticleList.as_view()), name="tag"),
    path(
        "archive/<int:year>/<int:month>/", keep_list(views.MonthArticleList.as_view()), name="month"
    ),
    path("feed/", keep_list(feeds.rss), name="feed"),
    path("feed/atom/", keep_list(feeds.atom), name="feed-atom"),
    path("category/<slug:slug>/feed/", keep_list(feeds.rss), name="category-feed"),
    path("category/<slug:slug>/feed/atom/", keep_list(feeds.atom), name="category-feed-atom"),
    path("preview/<str:token>/", shared_preview, name="preview"),
    path("<slug:slug>/", views.article, name="article"),
    path("<slug:slug>/reading/", views.count_reading, name="count-reading"),
]
