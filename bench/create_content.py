"""`python -m bench.create_content`: migrates the site's database and fills it."""

import os
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import article  # noqa: E402
from contacts.models import Company, Contact  # noqa: E402
from news.models import Article  # noqa: E402
from news.models import Category as NewsCategory  # noqa: E402
from products.models import Category, Product, Specification  # noqa: E402

PRODUCTS = 100
CATEGORIES = 5


def create_company() -> None:
    company = Company.get_solo()
    company.name = "Quarry Machines"
    company.address = "No. 18 Harbour Road, Qingdao"
    company.phone = company.hotline = "+86-532-8765-4321"
    company.save()
    Contact.objects.bulk_create(
        Contact(name=name, phone=company.phone, mobile="+86-138-0013-8000", whatsapp=True)
        for name in ("July", "Abner", "Candy")
    )


def create_articles() -> None:
    category = NewsCategory.objects.create(name="News")
    Article.objects.bulk_create(
        Article(
            title=article.title(number),
            slug=article.slug(number),
            summary=article.summary(number),
            body=article.body(number),
            category=category,
            status="published",
            publish_time=timezone.now() - timedelta(hours=number),
        )
        for number in range(article.ARTICLES)
    )


def create_products() -> None:
    categories = [Category.objects.create(name=f"Crushers {i}") for i in range(CATEGORIES)]
    products = Product.objects.bulk_create(
        Product(
            name=f"Jaw crusher {number}",
            slug=f"jaw-crusher-{number}",
            sku=f"JC-{number}",
            category=categories[number % CATEGORIES],
            summary=article.summary(number),
            description=article.body(number),
            featured=number < CATEGORIES,
            status="published",
        )
        for number in range(PRODUCTS)
    )
    specifications = [
        Specification(product=product, name=name, value=f"{(product.pk % 10 + 1) * 50} {unit}")
        for product in products
        for name, unit in (("Power", "kW"), ("Capacity", "t/h"), ("Weight", "t"))
    ]
    for specification in specifications:
        specification.update_keys()
    Specification.objects.bulk_create(specifications)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    create_company()
    create_articles()
    create_products()
