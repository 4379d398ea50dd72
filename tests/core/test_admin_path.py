"""The admin has another URL with ADMIN_PATH."""

import os
import runpy
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SCRIPT = """
import django
django.setup()
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse

names = ["admin:index", "admin:login", "log_in", "log_in_code", "second_factor", "sessions",
         "admin_password_reset", "admin:news_article_changelist", "admin:contacts_yearly_check"]
print([reverse(name) for name in names if not reverse(name).startswith("/back-office/")])
print([reverse("log_in"), resolve("/admin/login/").view_name])
print("back-office" in render_to_string("robots.txt"))
"""


def run(**variables: str) -> list[str]:
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "ENV_FILE": os.devnull,
            "SECRET_KEY": "long-enough-for-a-test",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def test_every_page_of_the_admin_follows_it_and_robots_txt_does_not_name_it():
    outside, others, in_robots = run(ADMIN_PATH="back-office")
    assert outside == "[]"
    assert others == "['/back-office/login/', 'page']", "the former URL is that of no staff page"
    assert in_robots == "False"


@pytest.mark.django_db
def test_robots_txt_names_the_default(client):
    assert b"Disallow: /admin/\n" in client.get("/robots.txt").content


def test_no_template_or_script_contains_the_default():
    found = [
        path.name
        for folder, pattern in (("templates", "*.*"), ("static", "*.js"))
        for path in (settings.BASE_DIR / folder).rglob(pattern)
        if "/admin/" in path.read_text() and path.name != "robots.txt"
        for line in path.read_text().splitlines()
        if "/admin/" in line
        and "static/admin/" not in line
        and not any(word in line for word in ("{% include", "{% extends", "{% static"))
    ]
    assert found == []


@pytest.mark.parametrize("value", ["/admin", "a/b", "news", "zh-hans", "a b", "-x", "é", "static"])
def test_a_wrong_path_is_refused(monkeypatch, value):
    monkeypatch.setenv("SECRET_KEY", "long-enough-for-a-test")
    monkeypatch.setenv("ADMIN_PATH", value)
    with pytest.raises(ImproperlyConfigured, match=r"^ADMIN_PATH must be"):
        runpy.run_path("config/settings.py")
