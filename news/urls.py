from django.urls import path

from news import views

app_name = "news"
urlpatterns = [
    path("", views.ArticleList.as_view(), name="list"),
    path("category/<slug:slug>/", views.CategoryArticleList.as_view(), name="category"),
    path("<slug:slug>/", views.article, name="article"),
]
