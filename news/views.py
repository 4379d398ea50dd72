"""Reading the news."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.generic import ListView

from config.http import is_read_by_a_person
from news.models import Article, Category


class ArticleList(ListView):
    """All published articles, the newest first."""

    template_name = "news/article_list.html"
    context_object_name = "articles"
    paginate_by = 12
    extra_context = {"categories": Category.objects.all}

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.published().for_list()


class CategoryArticleList(ArticleList):
    """The published articles of one category; 404 for a category that does not exist."""

    def get_queryset(self) -> QuerySet[Article]:
        self.category = get_object_or_404(Category, slug=self.kwargs["slug"])
        return super().get_queryset().filter(category=self.category)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(category=self.category, **kwargs)


def article(request: HttpRequest, slug: str) -> HttpResponse:
    """A published article; 404 for a draft and for one whose time has not come."""
    article = get_object_or_404(Article.objects.published().for_page(), slug=slug)
    if is_read_by_a_person(request):
        article.count_reading()
    return render(request, "news/article.html", {"article": article})
