"""Redirects from old WordPress URLs."""

import pytest
from django.conf import settings
from django.contrib.redirects.models import Redirect

pytestmark = pytest.mark.django_db


def add_redirect(old, new="/news/moved/"):
    Redirect.objects.create(site_id=settings.SITE_ID, old_path=old, new_path=new)


@pytest.mark.parametrize("url", ["/?p=12", "/?page_id=12", "/?p=12&preview=1"])
def test_an_old_url_with_a_number_redirects(visitor, url):
    add_redirect("/?p=12")
    add_redirect("/?page_id=12")
    response = visitor.get(url)
    assert (response.status_code, response.url) == (301, "/news/moved/")


@pytest.mark.parametrize("url", ["/?p=13", "/?p=", "/?q=12", "/"])
def test_the_home_page_is_shown_for_an_unknown_number(visitor, url):
    add_redirect("/?p=12")
    assert visitor.get(url).status_code == 200


@pytest.mark.parametrize("url", ["/2020/破碎机/", "/2020/破碎机"])
def test_an_old_url_in_another_script_redirects(visitor, url):
    add_redirect("/2020/破碎机/")
    response = visitor.get(url)
    assert (response.status_code, response.url) == (301, "/news/moved/")
    assert not response.cookies
