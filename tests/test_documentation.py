"""The documentation matches the settings, files and imports of the code."""

import re
import runpy
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
SETTING = re.compile(r"""\benv\.\w+\(\s*"([A-Z_]+)\"""")
ROW = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
EXAMPLE = re.compile(r"^# ([A-Z_]+)=", re.MULTILINE)
FOLDERS = ".ci|config|contacts|core|deploy|docs|inquiries|news|products|templates"
FILE = re.compile(rf"`((?:{FOLDERS})/[\w./]*)`")
LINK = re.compile(r"\]\((?!https?://)([^)#]*)")


def documented_settings() -> list[str]:
    return ROW.findall((ROOT / "docs/settings.md").read_text())


def test_every_setting_is_documented_once():
    read = set(SETTING.findall((ROOT / "config/settings.py").read_text()))
    assert len(read) > 20
    assert sorted(documented_settings()) == sorted(read)


def test_the_example_names_only_settings_that_exist():
    examples = EXAMPLE.findall((ROOT / ".env.example").read_text())
    assert examples
    assert set(examples) <= set(documented_settings())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_and_link_on_a_page_exists(page):
    text = page.read_text()
    for name in FILE.findall(text):
        assert (ROOT / name).exists(), f"{page.name} names {name}"
    for target in filter(None, LINK.findall(text)):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_diagrams_show_the_current_imports():
    redraw = runpy.run_path(str(ROOT / "docs/diagram.py"))["redraw"]
    page = (ROOT / "docs/develop.md").read_text()
    assert redraw(page) == page, "Run `make diagram`."
