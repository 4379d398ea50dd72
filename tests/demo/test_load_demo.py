"""The demo company is loaded into an empty site only."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from post_office.models import Email

from contacts.models import Company, Contact
from demo.loader import has_content
from inquiries.models import AnswerTemplate, AssignmentRule, Inquiry, InquirySettings
from news.models import Article
from products.models import Product
from tests.factories import make_article, make_company

pytestmark = pytest.mark.django_db


def counts() -> list[int]:
    models = (Article, Product, Contact, Inquiry, get_user_model())
    return [model.objects.count() for model in models]


def test_the_demo_company_fills_an_empty_site(visitor, capsys):
    call_command("load_demo", password="let-me-in")

    assert Company.get_solo().name == "ZhengZhou Known Imp. & Exp. Co., Ltd."
    assert [contact.name for contact in Contact.objects.all()] == ["July", "Abner", "Candy"]
    assert len(Contact.objects.available()) == 3, "all contacts are available on the first day"
    assert Contact.objects.get(name="Candy").absences.get().substitute.name == "Abner"
    assert Company.get_solo().office_hours.week[0] != ()
    assert Article.objects.published().count() >= 12
    assert Product.objects.published().count() >= 12
    assert {i.status for i in Inquiry.objects.all()} == set(Inquiry.Status.values)
    assert all(i.email.split("@")[1].startswith("example.") for i in Inquiry.objects.all())
    assert {t.language for t in AnswerTemplate.objects.all()} == {"en", "zh-hans", "ar", ""}
    assert [(str(r), r.contact and r.contact.name) for r in AssignmentRule.objects.all()] == [
        ("Returning buyers keep their contact", None),
        ("Arabic", "Candy"),
    ]
    assert not InquirySettings.get_solo().assigns_to_least_busy
    assert not Email.objects.exists(), "no e-mail is sent"
    assert "let-me-in" in capsys.readouterr().out
    assert get_user_model().objects.get(username="july").check_password("let-me-in")
    for url in ("/", "/zh-hans/news/", "/ar/products/", "/contacts/"):
        assert visitor.get(url).status_code == 200
    for model in (Article, Product):
        for item in model.objects.published():
            assert visitor.get(item.get_absolute_url()).status_code == 200

    before = counts()
    call_command("load_demo")
    assert counts() == before
    assert "already has content" in capsys.readouterr().out


@pytest.mark.parametrize("make", [make_article, make_company])
def test_a_site_with_content_is_not_changed(make):
    make()
    assert has_content()
    before = counts()
    call_command("load_demo")
    assert counts() == before


def test_the_password_is_random_unless_debug_is_on(settings, capsys, monkeypatch):
    monkeypatch.setattr("demo.management.commands.load_demo.load_demo", lambda password: [password])
    call_command("load_demo")
    password = capsys.readouterr().out.split("Log in as ")[1].split(";")[0]
    assert len(password) == 16


def test_the_home_page_and_about_us_are_made_of_blocks_in_three_languages(visitor):
    call_command("load_demo", password="let-me-in", verbosity=0)
    for path, kinds in (("/", ["hero", "categories-block", "sales-team"]), ("/about/", ["faq"])):
        for prefix in ("", "/zh-hans", "/ar"):
            response = visitor.get(f"{prefix}{path}")
            assert response.status_code == 200
            page = response.content.decode()
            for kind in kinds:
                assert kind in page
    assert "من نحن" in visitor.get("/ar/about/").content.decode()
