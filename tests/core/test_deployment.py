"""Deployment: checks, static files, errors at the start, and the secret key."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PRODUCTION = {
    "SECRET_KEY": "kX4vq9TzB2mW7nR5pY8sD1fG6hJ3kL0aZcVxQwErTyUiOp-AsDfGhJkLzXcV",
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


def test_the_deployment_check_finds_no_fault_in_production_settings():
    result = manage("check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr
    # The steps that are still to be taken are for information: core/checks.py.
    assert set(re.findall(r"\((\w+\.\w+)\)", result.stderr)) <= {"core.I001"}


def test_missing_tables_are_named_in_one_sentence_before_the_first_migrate(tmp_path):
    """As `manage.py upgrade` does it on a new database."""
    result = manage("check", "--deploy", DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3")
    assert result.returncode == 0, result.stderr
    # Once in the log, and once in the report.
    assert result.stderr.count("run `manage.py migrate`") == 2
    assert "Traceback" not in result.stderr
    assert "no such table" not in result.stderr
    assert "no response" not in result.stderr


def test_every_static_file_in_a_template_is_in_the_manifest(tmp_path):
    """A missing file would be an error on every page that links to it."""
    script = (
        "from django.conf import settings; import django;"
        # The same manifest as in production, without the compression, which is slow.
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
    result = subprocess.run(
        [sys.executable, "-c", script, *sorted(names)],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "STATIC_ROOT": str(tmp_path),
        }
        | PRODUCTION,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "ckeditor/ckeditor/plugins/image2/plugin.js").is_file(), "by its plain name"
    for plugin in ("preview", "codesnippetgeshi"):
        assert not list(tmp_path.rglob(f"plugins/{plugin}/*")), "these have known vulnerabilities"
    assert len(list(tmp_path.rglob("ckeditor/**/lang/en.*js"))) == 2 * 5, "and hashed"
    languages = {path.name.split(".")[0] for path in tmp_path.rglob("ckeditor/**/lang/*.js")}
    # CKEditor's names of all languages that a site can have
    assert languages == {
        "ar", "de", "en", "es", "fr", "it", "ja", "ko", "pt", "ru", "tr", "vi", "zh", "zh-cn",
    }  # fmt: skip
    assert not (tmp_path / "flags").exists(), "no page shows the flags of django-countries"


def test_every_model_change_has_a_migration():
    result = manage("makemigrations", "--check", "--dry-run")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("languages", ["en", "zh-hans,en", "ar,en,zh-hans"])
def test_the_choice_of_languages_needs_no_migration(languages):
    result = manage("makemigrations", "--check", "--dry-run", LANGUAGES=languages)
    assert result.returncode == 0, result.stdout


def test_the_server_does_not_start_before_static_files_are_collected(tmp_path):
    result = manage("runserver", "0", "--noreload", STATIC_ROOT=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr == (
        "Tradepost cannot start: the static files are not collected."
        " Run `.venv/bin/python manage.py collectstatic --noinput` first.\n"
    )


def start_wsgi(and_then: str = "", **variables: str) -> subprocess.CompletedProcess:
    """Import `config.wsgi`, as the production server does."""
    return subprocess.run(
        [sys.executable, "-c", f"import config.wsgi; {and_then}"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull} | PRODUCTION | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_production_server_prints_in_one_line_why_it_does_not_start(tmp_path):
    result = start_wsgi(STATIC_ROOT=str(tmp_path))
    assert result.returncode == 1
    assert "the static files are not collected" in result.stderr
    assert len(result.stderr.splitlines()) == 1

    result = start_wsgi(SECRET_KEY="")
    assert result.returncode == 1
    assert result.stderr.startswith("Tradepost cannot start: SECRET_KEY is not set.")
    assert len(result.stderr.splitlines()) == 1


def test_the_production_server_starts_with_collected_static_files(tmp_path):
    (tmp_path / "staticfiles.json").write_text(
        '{"version": "1.1", "hash": "", "paths": {"css/site.css": "css/site.0123456789ab.css"}}'
    )
    result = start_wsgi(STATIC_ROOT=str(tmp_path))
    assert result.returncode == 0, result.stderr


def test_debugging_needs_no_collected_static_files(tmp_path):
    result = start_wsgi(DEBUG="on", STATIC_ROOT=str(tmp_path / "missing"))
    assert result.returncode == 0, result.stderr


def test_the_server_loads_no_large_library_that_pages_do_not_need():
    unused = {
        "bs4",
        "chardet",
        "lxml",
        "openpyxl",
        "pillow_heif",
        "prometheus_client",
        "psycopg",
        "redis",
        "vobject",
        "yaml",
    }
    print_modules = (
        "import sys; from django.urls import reverse; reverse('home'); print(*sys.modules)"
    )
    result = start_wsgi(print_modules, DEBUG="on")
    assert "news.admin" in result.stdout.split(), "all URLs are loaded"
    assert unused.isdisjoint(result.stdout.split())


def test_commands_run_before_static_files_are_collected(tmp_path):
    result = manage("check", STATIC_ROOT=str(tmp_path))
    assert result.returncode == 0, result.stderr


def test_the_demo_is_not_available_in_production():
    result = manage("load_demo")
    assert result.returncode == 1
    assert "Unknown command: 'load_demo'" in result.stderr


@pytest.fixture
def checkout(tmp_path):
    """A folder in which `make secret-key` finds a Python and writes its `.env`."""
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    (tmp_path / ".venv/installed").touch()
    return tmp_path


def make_secret_key(folder: Path) -> None:
    subprocess.run(
        [
            *("make", "--silent", "-f", Path(settings.BASE_DIR, "Makefile"), "-C", folder),
            *("-o", "setup", "secret-key"),
        ],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    )


def test_the_first_run_writes_a_random_secret_key_readable_only_by_its_owner(checkout):
    make_secret_key(checkout)
    file = checkout / ".env"
    first = file.read_text()
    assert re.fullmatch(r"SECRET_KEY=[\w-]{60,}\n", first)
    assert file.stat().st_mode & 0o777 == 0o600

    make_secret_key(checkout)
    assert file.read_text() == first, "the key is not replaced"


def test_a_secret_key_is_added_to_the_settings_in_env(checkout):
    (checkout / ".env").write_text("TIME_ZONE=Asia/Shanghai")
    make_secret_key(checkout)
    lines = (checkout / ".env").read_text().splitlines()
    assert lines[0] == "TIME_ZONE=Asia/Shanghai"
    assert lines[1].startswith("SECRET_KEY=")
