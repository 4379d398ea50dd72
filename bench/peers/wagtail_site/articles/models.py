"""An article, and the list of all articles."""

from django.core.paginator import Paginator
from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page

from bench.article import LIST_LENGTH


class ArticleList(Page):
    template = "articles/list.html"

    def get_context(self, request, *args, **kwargs):
        articles = ArticlePage.objects.child_of(self).live().order_by("-publish_time")
        page = Paginator(articles, LIST_LENGTH).get_page(request.GET.get("page"))
        return super().get_context(request, *args, **kwargs) | {"articles": page}


class ArticlePage(Page):
    template = "articles/article.html"

    summary = models.TextField()
    body = RichTextField()
    author = models.CharField(max_length=100, default="Site Editor")
    origin = models.CharField(max_length=100, default="Site")
    publish_time = models.DateTimeField()
