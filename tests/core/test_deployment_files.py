"""The files in `deploy/` can be read by their programs and say the same as the code."""

import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from django.conf import settings

from config import env
from tests.smtp_server import free_port

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SETTING = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
# A short name with a version, which each container engine completes as it is configured.
IMAGE = re.compile(r"[a-z]+:\d[\w.-]*|tradepost")


def documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text()))


def compose() -> dict[str, Any]:
    [site] = documents(DEPLOY / "compose.yaml")
    return site


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in KUBERNETES:
        for document in documents(path):
            if document["kind"] in ("Deployment", "Job"):
                yield document["metadata"]["name"], document["spec"]["template"]["spec"]


def known_settings() -> set[str]:
    return set(SETTING.findall((ROOT / "docs/settings.md").read_text()))


def variables(path: Path) -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", path.read_text(), re.MULTILINE))


def test_images_have_short_names_and_versions():
    images = re.findall(r"^FROM (\S+)", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    images += [service["image"] for service in compose()["services"].values()]
    images += [container["image"] for _name, pod in pods() for container in pod["containers"]]
    assert len(images) > 8
    for image in images:
        assert IMAGE.fullmatch(image), image


def test_the_image_runs_as_another_user_than_root_and_has_a_health_check():
    instructions = (DEPLOY / "Containerfile").read_text()
    final = instructions.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001$", final, re.MULTILINE)
    assert re.search(r'^HEALTHCHECK .*CMD \["python", "deploy/health.py"\]$', final, re.MULTILINE)
    assert "collectstatic" in instructions.rpartition("\nFROM ")[0]


def test_the_image_contains_all_packages_of_the_site_and_no_secrets():
    allowed = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {
        "bench",
        "demo",
        "tests",
    }
    assert packages | {"static", "templates", "locale", "manage.py", "deploy/health.py"} <= set(
        allowed
    )
    for name in allowed:
        assert (ROOT / name).exists()
        assert not name.startswith(".env")


def test_compose_starts_the_site_read_only_with_everything_that_it_needs():
    services = compose()["services"]
    assert set(services) == {"cache", "database", "migrate", "proxy", "web", "worker"}
    for name in ("migrate", "web", "worker"):
        service = services[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert set(service["environment"]) <= known_settings()
    volumes = {
        volume.partition(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if not volume.startswith("./")
    }
    assert volumes == set(compose()["volumes"])


def test_a_domain_is_named_in_one_setting_of_compose():
    example = (DEPLOY / ".env.example").read_text()
    assert len(re.findall(r"www\.example\.com", example)) == 1
    for name in ("compose.yaml", "Caddyfile"):
        assert "example.com" not in (DEPLOY / name).read_text()
    assert variables(DEPLOY / ".env.example") <= known_settings() | {"DOMAIN", "POSTGRES_PASSWORD"}


def test_kubernetes_runs_two_web_servers_one_job_and_the_worker():
    assert sorted(name for name, _pod in pods()) == [
        "tradepost-migrate",
        "tradepost-web",
        "tradepost-worker",
    ]
    [web] = [d for d in documents(DEPLOY / "kubernetes/web.yaml") if d["kind"] == "Deployment"]
    assert web["spec"]["replicas"] == 2
    for _name, pod in pods():
        [container] = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["args"][1] == "manage.py"
    config, secret = documents(DEPLOY / "kubernetes/settings.yaml")
    assert set(config["data"]) | set(secret["stringData"]) <= known_settings()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_restart_and_see_the_system_read_only(unit):
    text = unit.read_text()
    for line in ("Restart=always", "User=tradepost", "ProtectSystem=strict", "NoNewPrivileges=yes"):
        assert f"\n{line}\n" in text


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_every_line_of_the_units(unit, tmp_path):
    copy = tmp_path / unit.name
    copy.write_text(
        unit.read_text().replace("/srv/tradepost/code/.venv/bin/python", sys.executable)
    )
    result = subprocess.run(
        ["systemd-analyze", "verify", copy],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert unit.name not in result.stderr, result.stderr


def test_the_documented_database_is_reached_over_its_socket(monkeypatch):
    page = (ROOT / "docs/deploy.md").read_text()
    [url] = re.findall(r"^DATABASE_URL=(.*)$", page, re.MULTILINE)
    monkeypatch.setenv("DATABASE_URL", url)
    database = env.database("DATABASE_URL", "")
    assert database["HOST"] == "/var/run/postgresql"
    assert (database["USER"], database["NAME"]) == ("tradepost", "tradepost")


@pytest.mark.parametrize(("status", "is_alive"), [(200, True), (503, False), (301, False)])
def test_the_health_check_asks_as_the_proxy_does(status, is_alive):
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, self.headers["Host"], self.headers["X-Forwarded-Proto"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.handle_request, daemon=True).start()
    check = runpy.run_path(str(DEPLOY / "health.py"))["is_alive"]
    assert check(server.server_port) is is_alive
    server.server_close()
    assert seen == [("/healthz", "localhost", "https")]
    assert check(free_port()) is False
