"""What the documentation says about settings and files is so."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SETTING = re.compile(r"""\benv\.\w+\(\s*"([A-Z_]+)\"""")
ROW = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
EXAMPLE = re.compile(r"^# ([A-Z_]+)=", re.MULTILINE)
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
def test_every_link_on_a_page_leads_to_a_file(page):
    text = page.read_text()
    for target in filter(None, LINK.findall(text)):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"
