"""What one who runs the site on a server relies on."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PRODUCTION = {
    "SECRET_KEY": "kX4vq9TzB2mW7nR5pY8sD1fG6hJ3kL0aZcVxQwErTyUiOp-AsDfGhJkLzXcV",
    "ALLOWED_HOSTS": "www.example.com",
    "SITE_URL": "https://www.example.com",
    "DATABASE_URL": "sqlite://:memory:",
}


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull} | PRODUCTION | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_is_silent_under_production_settings():
    ended = manage("check", "--deploy", "--fail-level", "WARNING")
    assert ended.returncode == 0, ended.stderr
    assert "System check identified no issues" in ended.stdout


def test_every_static_file_a_page_names_is_in_the_manifest(tmp_path):
    """A file that is named but missing would be an error on every page of a real site."""
    script = (
        "from django.conf import settings; import django;"
        f"settings.STATIC_ROOT = {str(tmp_path)!r};"
        # The manifest of the real storage, without its compression, which takes long.
        "settings.STORAGES['staticfiles']['BACKEND'] ="
        " 'django.contrib.staticfiles.storage.ManifestStaticFilesStorage';"
        "django.setup();"
        "from django.core.management import call_command;"
        "call_command('collectstatic', interactive=False, verbosity=0);"
        "from django.templatetags.static import static;"
        "import sys; [static(name) for name in sys.argv[1:]];"
        "from django.contrib.admin.sites import site;"
        "[str(admin.media) for admin in site._registry.values()]"
    )
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    tag = re.compile(r"""{% static ["']([^"']+)["'] %}""")
    names = {name for template in templates for name in tag.findall(template.read_text())}
    assert "css/site.css" in names
    ended = subprocess.run(
        [sys.executable, "-c", script, *sorted(names)],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        | PRODUCTION,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "ckeditor/ckeditor/plugins/image2/plugin.js").is_file(), "by its plain name"
    for plugin in ("preview", "codesnippetgeshi"):
        assert not list(tmp_path.rglob(f"plugins/{plugin}/*")), "these have known holes"


def test_no_model_was_changed_without_its_migration():
    ended = manage("makemigrations", "--check", "--dry-run")
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("languages", ["en", "zh-hans,en", "ar,en,zh-hans"])
def test_the_languages_of_the_site_change_no_table(languages):
    ended = manage("makemigrations", "--check", "--dry-run", LANGUAGES=languages)
    assert ended.returncode == 0, ended.stdout
