"""A wrong setting stops the start with a message that names it."""

import os
import runpy
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import env

GOOD = {"SECRET_KEY": "long-enough-for-a-test", "DEBUG": "off"}
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def start(**variables: str) -> subprocess.CompletedProcess:
    """`manage.py check` with these variables alone."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("DEBUG", "ture"),
        ("DEMO", "maybe"),
        ("SECURE_SSL_REDIRECT", "maybe"),
        ("SERVE_MEDIA", "maybe"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_REPLICA_URL", "nonsense"),
        ("DATABASE_URL", "postgres://["),
        ("DATABASE_REPLICA_URL", "postgres://["),
        ("CACHE_URL", "memcached://x"),
        ("CACHE_URL", "redis://["),
        ("CACHE_URL", "redis://127.0.0.1:port/1"),
        ("EMAIL_URL", "smtp://["),
        ("EMAIL_URL", "mail.example.com"),
        ("EMAIL_URL", "smtp://mail.example.com:port"),
        ("LANGUAGES", "en,xx"),
        ("SITE_URL", "https://["),
        ("SITE_URL", "www.example.com"),
        ("SITE_URL", "https://www.example.com/path"),
        ("TIME_ZONE", "Beijing"),
        ("INQUIRY_RATE", "often"),
        ("INQUIRY_RATE", "20/y"),
        ("PROOF_OF_WORK", "perhaps"),
        ("REPLY_ADDRESS", "Sales <sales@example.com>"),
        ("REPLY_WEBHOOK_KEY", "too-short"),
        ("IMAP_URL", "pop3://user:password@mail.example.com"),
        ("IMAP_URL", "imaps://user:password@["),
        ("PROXY_COUNT", "-1"),
        ("STORAGE_URL", "s3://["),
        ("STORAGE_URL", "s3://key:secret@bucket?url=https://["),
        ("PRIVATE_STORAGE_URL", "s3://["),
        ("STORAGE_URL", "ftp://x"),
        ("PRIVATE_STORAGE_URL", "ftp://x"),
        ("SENTRY_DSN", "nonsense"),
        ("SECOND_FACTOR_REQUIRED", "Bosses"),
        ("SESSION_IDLE_TIME", "long"),
        ("BREACHED_PASSWORDS_URL", "ftp://pwned.example.com/range/"),
        ("BREACHED_PASSWORDS_URL", "https:///range/"),
        ("BREACHED_PASSWORDS_URL", "file:"),
        ("BREACHED_PASSWORDS_URL", "pwned.txt"),
        ("CLAMAV_URL", "127.0.0.1:3310"),
        ("CLAMAV_URL", "unix:"),
        ("CLAMAV_URL", "tcp://:port"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(monkeypatch, name, value):
    for variable, text in (GOOD | {name: value}).items():
        monkeypatch.setenv(variable, text)
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} .*\.$"):
        runpy.run_path("config/settings.py")


@pytest.mark.parametrize("name", ["IMAP_URL", "REPLY_WEBHOOK_KEY"])
def test_receiving_replies_requires_a_reply_address(monkeypatch, name):
    value = "imaps://user:password@mail.example.com/INBOX"
    for variable, text in (GOOD | {name: value}).items():
        monkeypatch.setenv(variable, text)
    with pytest.raises(ImproperlyConfigured, match=r"^REPLY_ADDRESS is not set"):
        runpy.run_path("config/settings.py")
    monkeypatch.setenv("REPLY_ADDRESS", "replies@example.com")
    assert runpy.run_path("config/settings.py")[name] == value


def test_a_wrong_setting_is_printed_in_one_line_without_a_traceback():
    result = start(**GOOD, EMAIL_URL="smpt://user:hunter2@mail.example.com")
    assert result.returncode == 1
    assert result.stderr.startswith("Tradepost cannot start: EMAIL_URL must be")
    assert len(result.stderr.splitlines()) == 1
    assert "hunter2" not in result.stderr, "the password is not printed"


def test_without_a_secret_key_the_site_starts_only_with_debug():
    assert "SECRET_KEY is not set" in start(DEBUG="off").stderr
    assert start(DEBUG="on").returncode == 0


def test_good_settings_start():
    result = start(
        **GOOD,
        SITE_URL="https://www.example.com/",
        ALLOWED_HOSTS="www.example.com, example.com",
        EMAIL_URL="smtp+tls://user:p%40ss@mail.example.com:587",
        CACHE_URL="redis://127.0.0.1:6379/0",
        LANGUAGES="zh-hans, en",
        TIME_ZONE="Asia/Shanghai",
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"SITE_URL": "https://www.example.com:8443"}, ["www.example.com", *LOCAL_HOSTS]),
        ({"SITE_URL": ""}, ["127.0.0.1", *LOCAL_HOSTS]),
        ({"SITE_URL": "https://www.example.com", "ALLOWED_HOSTS": "a.example"}, ["a.example"]),
    ],
)
def test_the_site_answers_to_the_host_of_its_url(monkeypatch, variables, expected):
    for name, value in (GOOD | {"ALLOWED_HOSTS": ""} | variables).items():
        monkeypatch.setenv(name, value)
    assert runpy.run_path("config/settings.py")["ALLOWED_HOSTS"] == expected


HTTPS_SETTINGS = (
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS",
)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"SITE_URL": "https://www.example.com"}, True),
        ({"SITE_URL": "http://127.0.0.1:8000"}, False),
        ({"SITE_URL": ""}, False),
        ({"SITE_URL": "https://www.example.com", "DEBUG": "on"}, False),
    ],
)
def test_https_is_required_if_the_site_url_starts_with_https(monkeypatch, variables, expected):
    for name in HTTPS_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    for name, value in (GOOD | variables).items():
        monkeypatch.setenv(name, value)
    values = runpy.run_path("config/settings.py")
    assert [bool(values[name]) for name in HTTPS_SETTINGS] == [expected] * len(HTTPS_SETTINGS)


def test_each_https_setting_can_be_set_by_hand(monkeypatch):
    for name, value in (GOOD | {"SITE_URL": "https://www.example.com"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SECURE_SSL_REDIRECT", "off")
    values = runpy.run_path("config/settings.py")
    assert values["SECURE_SSL_REDIRECT"] is False
    assert values["SECURE_HSTS_SECONDS"] == 0


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ["Managers"]),
        ({"SECOND_FACTOR_REQUIRED": ""}, ["Managers"]),
        ({"SECOND_FACTOR_REQUIRED": "none"}, []),
        ({"SECOND_FACTOR_REQUIRED": "Sales, all"}, ["Sales", "all"]),
        ({"DEMO": "on"}, []),
        ({"DEBUG": "on"}, []),
    ],
)
def test_a_site_on_a_server_requires_a_second_factor_of_managers(monkeypatch, variables, expected):
    for name, value in (GOOD | {"DEMO": "off"} | variables).items():
        monkeypatch.setenv(name, value)
    assert runpy.run_path("config/settings.py")["SECOND_FACTOR_REQUIRED"] == expected


def test_the_site_serves_uploads_only_from_its_own_disk(monkeypatch):
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    assert runpy.run_path("config/settings.py")["SERVE_MEDIA"] is True
    monkeypatch.setenv("SERVE_MEDIA", "off")
    assert runpy.run_path("config/settings.py")["SERVE_MEDIA"] is False
    monkeypatch.setenv("SERVE_MEDIA", "on")
    monkeypatch.setenv("STORAGE_URL", "s3://key:secret@bucket")
    assert runpy.run_path("config/settings.py")["SERVE_MEDIA"] is False


def test_an_env_file_is_read_and_the_environment_takes_precedence(tmp_path, monkeypatch):
    monkeypatch.delenv("A_NAME", raising=False)
    monkeypatch.setenv("B_NAME", "real")
    (tmp_path / ".env").write_text("A_NAME=from the file\nB_NAME=file\n# C_NAME=comment\n")
    env.load(tmp_path / ".env")
    assert env.text("A_NAME") == "from the file"
    assert env.text("B_NAME") == "real"
    assert env.text("C_NAME", "default") == "default"
    monkeypatch.delenv("A_NAME")


def test_values_are_parsed(monkeypatch):
    for name, value in {"F": "YES", "W": "a, b,,c ", "R": "5/m", "E": "  "}.items():
        monkeypatch.setenv(name, value)
    assert env.flag("F", default=False) is True
    assert env.text_list("W") == ["a", "b", "c"]
    assert env.rate("R", "1/s") == (5, 60)
    assert env.text("E", "empty counts as unset") == "empty counts as unset"
    assert env.number("NOT_SET", 3) == 3


def test_a_vanished_postgresql_is_noticed_after_seconds_unless_the_url_says_otherwise(monkeypatch):
    monkeypatch.setenv("PLAIN", "postgres://user@db/tradepost")
    monkeypatch.setenv("OTHER", "postgres://user@db/tradepost?tcp_user_timeout=9000&keepalives=0")
    plain, other = (env.database(name, "")["OPTIONS"] for name in ("PLAIN", "OTHER"))
    assert env.DATABASE_TIMEOUTS.items() <= plain.items()
    assert plain["tcp_user_timeout"] == 1000 * plain["connect_timeout"] == 3000
    assert (other["tcp_user_timeout"], other["keepalives"]) == (9000, 0)
    assert other["keepalives_idle"] == env.KEEPALIVE_SECONDS
