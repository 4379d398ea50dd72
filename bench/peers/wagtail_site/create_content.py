"""`python -m bench.peers.wagtail_site.create_content`: migrates the database and fills it."""

import os
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.wagtail_site.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402
from wagtail.signal_handlers import disable_reference_index_auto_update  # noqa: E402

from bench import article  # noqa: E402
from bench.peers.wagtail_site.articles.models import ArticleList, ArticlePage  # noqa: E402


@transaction.atomic
def create_content() -> None:
    """Create the list of articles as the site's home page, and the articles below it."""
    root = Page.get_first_root_node()
    news = root.add_child(instance=ArticleList(title="News", slug="news"))
    Site.objects.update(root_page=news, site_name="Quarry Machines")
    with disable_reference_index_auto_update():  # pages do not read it, and it takes long
        for number in range(article.ARTICLES):
            add_article(news, number)


def add_article(news, number):
    news.add_child(
        instance=ArticlePage(
            title=article.title(number),
            slug=article.slug(number),
            summary=article.summary(number),
            body=article.body(number),
            publish_time=timezone.now() - timedelta(hours=number),
        )
    )


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    create_content()
