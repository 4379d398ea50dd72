"""The content of the measured site."""

import sys
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from contacts.models import Company, Contact
from news.models import Article, Category

PARAGRAPH = "<p>The crusher was tested under load before it was packed for the sea.</p>"
BODY = PARAGRAPH * 112  # 8 KB


def create_content() -> None:
    """Create a company, its contacts and 1,000 articles; exits if there are articles already."""
    call_command("migrate", verbosity=0)
    if Article.objects.exists():
        sys.exit("The database at DATABASE_URL already has articles; use an empty one.")
    Company.get_solo()
    Contact.objects.bulk_create(Contact(name=name) for name in ("July", "Abner", "Candy"))
    category = Category.objects.create(name="News")
    Article.objects.bulk_create(
        Article(
            title=f"Article {number}",
            slug=f"article-{number}",
            body=BODY,
            category=category,
            status="published",
            publish_time=timezone.now() - timedelta(hours=number),
        )
        for number in range(1000)
    )
