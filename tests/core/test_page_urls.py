"""The URLs of public pages, and the tags of templates that keep what they return."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix
from django.utils import translation

from core import page_urls
from core.page_urls import page_url
from core.templatetags.constants import ConstantNode

LANGUAGES = ["en", "zh-hans", "ar"]


@pytest.fixture
def subfolder():
    before = get_script_prefix()
    set_script_prefix("/site/")
    yield
    set_script_prefix(before)


def render(source: str) -> str:
    return engines["django"].from_string(source).render({})


def in_all_languages(source: str) -> list[str]:
    texts = []
    for code in [*LANGUAGES, *LANGUAGES]:
        with translation.override(code):
            texts.append(render(source))
    return texts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", ["a-crusher", "S", "SLUG", "new_1"])
@pytest.mark.parametrize("view", ["news:article", "news:category", "news:category-feed"])
def test_a_url_with_a_slug_is_that_of_reverse(language, slug, view):
    with translation.override(language):
        assert page_url(view, slug) == page_url(view, slug) == reverse(view, args=[slug])
        assert page_url("news:list") == reverse("news:list")


def test_a_url_contains_the_folder_of_the_site(subfolder):
    assert page_url("news:article", "a") == "/site/news/a/"
    assert render('{% url "news:list" %}') == "/site/news/"


def test_a_row_without_a_slug_has_no_url():
    with pytest.raises(NoReverseMatch):
        page_url("news:article", "")


def test_a_known_url_is_not_looked_up_again(monkeypatch):
    page_url("news:article", "a")
    monkeypatch.setattr(page_urls, "reverse", None)
    assert page_url("news:article", "b") == "/news/b/"


def test_a_tag_with_constants_is_rendered_once_in_each_language(monkeypatch):
    template = engines["django"].from_string('{% translate "News" %} {% url "news:list" %}')
    expected = []
    for code in LANGUAGES:
        with translation.override(code):
            expected.append(template.render({}))
    assert len(set(expected)) == len(LANGUAGES)
    assert expected[0] == "News /news/"
    nodes = template.template.nodelist.get_nodes_by_type(ConstantNode)
    assert len(nodes) == 2
    for node in nodes:
        monkeypatch.setattr(node, "node", None)
    for code, text in zip(LANGUAGES, expected, strict=True):
        with translation.override(code):
            assert template.render({}) == text


def test_a_tag_sets_its_variable_each_time():
    tags = '{% url "news:list" as path %}{% translate "News" as text %}{{ path }} {{ text }}'
    source = f"{{% for _ in '12' %}}{tags};{{% endfor %}}"
    assert render(source) == "/news/ News;/news/ News;"
    assert len(set(in_all_languages(source))) == len(LANGUAGES)


@pytest.mark.parametrize(
    "source",
    [
        '{% url "news:article" slug %}',
        '{% url "admin:index" %}',
        '{% url view %}',
        '{% translate text %}',
        '{% translate "News"|upper %}',
        '{% translate "News" context "menu" %}',
        "{% static file %}",
    ],
)  # fmt: skip
def test_what_may_differ_is_rendered_each_time(source):
    template = engines["django"].from_string(source).template
    assert not template.nodelist.get_nodes_by_type(ConstantNode)


def test_a_changed_translation_shows_while_debugging(settings):
    settings.DEBUG = True
    template = engines["django"].from_string('{% translate "News" %}').template
    assert not template.nodelist.get_nodes_by_type(ConstantNode)


def test_no_template_loads_the_slower_tags():
    for path in Path(settings.BASE_DIR / "templates").rglob("*.*"):
        loaded = re.findall(r"{% load ([^%]*)%}", path.read_text())
        slower = {"i18n", "static"} & set(" ".join(loaded).split())
        assert not slower, f"{path}: remove {slower} from its {{% load %}}, they are built in"
