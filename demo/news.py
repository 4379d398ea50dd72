"""The articles of the demo company, and their page views."""

from datetime import timedelta

from django.utils import timezone

from demo.files import create_by_slug, days_ago, read_content, read_picture
from news.models import Article, Category, DailyViews, Tag


def create_articles() -> None:
    content = read_content("articles")
    categories = create_by_slug(Category, content["categories"])
    tags = create_by_slug(Tag, content["tags"])
    for row in content["articles"]:
        article_tags = [tags[slug] for slug in row.pop("tags")]
        row["category"] = categories[row["category"]]
        row["cover"] = read_picture(row["cover"])
        row["publish_time"] = days_ago(row.pop("days_ago"))
        if "source_days_ago" in row:
            row["source_time"] = days_ago(row.pop("source_days_ago"))
        Article.objects.create(**row).tags.set(article_tags)


def create_page_views() -> None:
    """Page views of the last sixty days in proportion to each article's total, a little uneven."""
    today = timezone.localdate()
    DailyViews.objects.bulk_create(
        DailyViews(
            article=article,
            day=today - timedelta(days=day),
            views=article.views * (3 + (day * 7 + position * 5) % 6) // 900,
        )
        for position, article in enumerate(Article.objects.published())
        for day in range(60)
    )
