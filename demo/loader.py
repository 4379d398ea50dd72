"""Loading the demo company into an empty database."""

from django.utils import translation

from contacts.models import Company, Contact
from core.pages.models import Page
from demo.catalogue import create_products
from demo.company import create_accounts, create_company
from demo.inquiries import create_answer_templates, create_assignment_rules, create_inquiries
from demo.menus import create_menus
from demo.news import create_articles, create_page_views
from demo.pages import create_pages
from inquiries.models import Inquiry
from news.models import Article
from news.services.page_views import update_most_read
from products.models import Category, Product


def has_content() -> bool:
    """Whether the site already has a company name, contacts, news, products or inquiries."""
    models = (Contact, Article, Page, Product, Category, Inquiry)
    return any(model.objects.exists() for model in models) or Company.get_solo().name != ""


def load_demo(password: str) -> list[str]:
    """Create the demo content, with staff accounts that all have `password`.

    Dates are relative to today, so that the site always looks active. Returns the user names.
    """
    accounts = create_accounts(password)
    with translation.override("en"):  # the language of texts without a translation
        create_company(accounts)
        create_products()
        create_menus()
        create_articles()
        create_page_views()
        update_most_read()
        create_pages()
        create_inquiries(accounts["manager"])
        create_answer_templates()
        create_assignment_rules()
    return list(accounts)
