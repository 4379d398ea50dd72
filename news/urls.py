from django.urls import path

from news import feeds, views
from news.preview import shared_preview

app_name = "news"
urlpatterns = [
    path("", views.ArticleList.as_view(), name="list"),
    path("category/<slug:slug>/", views.CategoryArticleList.as_view(), name="category"),
    path("tag/<slug:slug>/", views.TagArticleList.as_view(), name="tag"),
    path("archive/<int:year>/<int:month>/", views.MonthArticleList.as_view(), name="month"),
    path("feed/", feeds.rss, name="feed"),
    path("feed/atom/", feeds.atom, name="feed-atom"),
    path("category/<slug:slug>/feed/", feeds.rss, name="category-feed"),
    path("category/<slug:slug>/feed/atom/", feeds.atom, name="category-feed-atom"),
    path("preview/<str:token>/", shared_preview, name="preview"),
    path("<slug:slug>/", views.article, name="article"),
]
