"""Functions that create objects for tests, with defaults for all other fields."""

from io import BytesIO
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from contacts.models import Company, Contact
from core.pages.models import Page
from core.pages.stored_blocks import text_block
from inquiries.models import Inquiry
from inquiries.services import receive_inquiry
from news.models import Article
from products.models import Category, Product

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

numbers = count(1)


def make_company(**fields: Any) -> Company:
    company = Company.get_solo()
    for name, value in {"name": "Example Machines Ltd.", **fields}.items():
        setattr(company, name, value)
    company.save()
    return company


def make_contact(**fields: Any) -> Contact:
    return Contact.objects.create(**{"name": f"Contact {next(numbers)}", **fields})


def make_article(**fields: Any) -> Article:
    defaults = {"title": f"Article {next(numbers)}", "status": Article.Status.PUBLISHED}
    return Article.objects.create(**defaults | fields)


def make_product(**fields: Any) -> Product:
    defaults = {"name": f"Product {next(numbers)}", "status": Product.Status.PUBLISHED}
    if "category" not in fields:
        defaults["category"] = Category.objects.create(name=f"Category {next(numbers)}")
    return Product.objects.create(**defaults | fields)


def make_page(slug: str = "about", **fields: Any) -> Page:
    defaults = {
        "title": "About us",
        "status": Page.Status.PUBLISHED,
        "blocks": [text_block({"en": "<p>We.</p>"})],
    }
    return Page.objects.create(slug=slug, **defaults | fields)


def make_inquiry(**fields: Any) -> Inquiry:
    defaults = {
        "name": "Peter Sample",
        "email": "peter@example.com",
        "message": "What does it cost?",
        "language": "en",
    }
    return receive_inquiry(**defaults | fields)


def make_user(role: str = "", **fields: Any) -> Any:
    """A staff account with a role (a group's name), or without one."""
    name = fields.pop("username", f"user{next(numbers)}")
    defaults = {"email": f"{name}@example.com", "is_staff": True, "password": "secret"}
    user = get_user_model().objects.create_user(name, **defaults | fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def picture_file(
    image_format: str = "PNG", size: tuple[int, int] = (640, 360)
) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", size, (15, 94, 117)).save(out, image_format)
    name = f"picture.{image_format.lower()}"
    return SimpleUploadedFile(name, out.getvalue(), content_type=f"image/{image_format.lower()}")
