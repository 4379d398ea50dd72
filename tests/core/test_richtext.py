"""Rich text is cleaned whenever it is saved, and again when it is shown."""

import json

import pytest
from django.core import serializers
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.forms import modelform_factory
from django.template import Context, Template
from django.utils import translation

from core.richtext.cleaning import clean_html
from core.richtext.outline import outline
from core.richtext.templatetags.richtext import richtext
from news.models import Article
from tests.cases import read_cases
from tests.timing import assert_linear

DIRTY = '<p onclick="x()">Text<script>alert(1)</script></p>'
CLEAN = "<p>Text</p>"


def stored(article):
    return Article.objects.filter(pk=article.pk).values_list("body_en", flat=True).get()


@pytest.fixture
def article(db):
    return Article.objects.create(title="A jaw crusher leaves", body="<p>Old</p>")


def test_saving_cleans_the_row_and_the_object(article):
    article.body = DIRTY
    article.save()
    assert article.body == stored(article) == CLEAN


def test_creating_cleans(db):
    assert stored(Article.objects.create(title="New", body=DIRTY)) == CLEAN


def test_updating_a_queryset_cleans(article):
    Article.objects.update(body_en=DIRTY)
    assert stored(article) == CLEAN


def test_writing_in_bulk_cleans(article):
    article.body_en = DIRTY
    Article.objects.bulk_update([article], ["body_en"])
    assert stored(article) == CLEAN
    [made] = Article.objects.bulk_create([Article(title="Two", slug="two", body=DIRTY)])
    assert stored(made) == made.body == CLEAN


def test_loading_a_fixture_cleans(article):
    [row] = json.loads(serializers.serialize("json", [article]))
    row["fields"]["body_en"] = DIRTY
    for loaded in serializers.deserialize("json", json.dumps([row])):
        loaded.save()
    assert stored(article) == CLEAN


def test_a_form_cleans(article):
    form_class = modelform_factory(Article, fields=["body_en"])
    form = form_class({"body_en": DIRTY}, instance=article)
    assert form.is_valid(), form.errors
    form.save()
    assert stored(article) == CLEAN


def test_text_computed_by_the_database_is_cleaned_when_shown(article):
    Article.objects.update(body_en=Concat(F("body_en"), Value("<script>alert(1)</script>")))
    article.refresh_from_db()
    assert shown(article.body) == "<p>Old</p>"


def test_each_language_has_its_own_text(article):
    article.body_ar = "<p>قديم</p>" + DIRTY
    article.save()
    with translation.override("ar"):
        article.save()
    with translation.override("zh-hans"):
        article.save()
    article.refresh_from_db()
    assert article.body_en == "<p>Old</p>"
    assert article.body_ar == "<p>قديم</p>" + CLEAN
    assert article.body_zh_hans is None


def shown(html):
    return Template("{% load richtext %}{{ html|richtext }}").render(Context({"html": html}))


def test_text_stored_under_older_rules_is_cleaned_when_shown():
    assert shown(DIRTY) == CLEAN


def test_no_text_shows_nothing():
    assert shown(None) == shown("") == ""


EVERYTHING = """
<h2>H</h2><h3>H</h3><h4>H</h4><p>A<br>b</p><hr>
<ul><li>a<ol><li>b</li></ol></li></ul><blockquote><p>q</p></blockquote><pre>x  y</pre>
<p><strong>s</strong><em>e</em><u>u</u><s>s</s><sub>1</sub><sup>2</sup><code>c</code></p>
<table><caption>c</caption><thead><tr><th scope="col" colspan="2">h</th></tr></thead>
<tbody><tr><td rowspan="2">d</td><td>e</td></tr></tbody></table>
<p class="align-justify"><a href="/products/" title="t">a</a><a href="mailto:a@example.com">m</a>
<a href="tel:+86371">t</a></p>
<figure class="image align-left"><img src="/media/a.jpg" alt="a" width="4" height="3" \
loading="lazy"><figcaption>f</figcaption></figure>
<div class="align-center"><figure class="image"><img src="/media/a.jpg" alt="" loading="lazy">\
</figure></div>
"""


@pytest.mark.parametrize("show", [richtext, lambda html: outline(html).html])
def test_tables_scroll_within_a_region_that_the_keyboard_reaches(show):
    region = '<div class="table-scroll" role="region" tabindex="0" aria-label="Table"><table'
    html = "<p>a</p><table><tbody><tr><td>b</td></tr></tbody></table>"
    assert show(html) == html.replace("<table", region).replace("</table>", "</table></div>")
    assert "table-scroll" not in show("<p>&lt;table is no tag</p>")


def test_everything_that_the_editor_offers_is_allowed():
    assert clean_html(EVERYTHING) == EVERYTHING


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("<h1>T</h1>", "<h2>T</h2>"),
        ("<H1 style='color:red'>T</H1>", "<h2>T</h2>"),
        ("<h5>T</h5><h6>U</h6>", "<h4>T</h4><h4>U</h4>"),
        ("<b>b</b><i>i</i><strike>s</strike>", "<strong>b</strong><em>i</em><s>s</s>"),
        ("<big>x</big>", "x"),
        ('<p class="MsoNormal align-right x">p</p>', '<p class="align-right">p</p>'),
        ('<p class="MsoNormal">p</p>', "<p>p</p>"),
        ('<td class="align-center">', ""),
        ("a & b < c &nbsp; &lt;script&gt;", "a &amp; b &lt; c &nbsp; &lt;script&gt;"),
        ("", ""),
    ],
)
def test_other_tags_are_replaced_by_allowed_ones(given, stored):
    assert clean_html(given) == stored


@pytest.mark.parametrize("case", read_cases("text/pasted.json"), ids=lambda case: case["pasted"])
def test_text_from_word_processors_is_saved_without_their_markup_and_empty_paragraphs(case):
    assert clean_html(case["pasted"]) == case["saved"]
    assert clean_html(case["saved"]) == case["saved"]


def test_a_link_within_the_site_is_not_changed(settings):
    settings.SITE_URL = "https://www.example.com"
    for href in ("/news/", "news/", "#top", "?page=2", "https://www.example.com/news/"):
        assert clean_html(f'<a href="{href}">x</a>') == f'<a href="{href}">x</a>'


def test_the_url_of_a_picture_copied_from_the_site_loses_its_host(settings):
    settings.SITE_URL = "https://www.example.com"
    html = clean_html('<img src="https://www.example.com/media/pictures/a.jpg">')
    assert html == '<img src="/media/pictures/a.jpg" loading="lazy">'


def test_a_picture_in_the_sites_own_storage_is_allowed(settings):
    settings.MEDIA_URL = "https://media.example.com/site/"
    own, other = "https://media.example.com/site/a.jpg", "https://media.example.com/other/a.jpg"
    assert own in clean_html(f'<img src="{own}">')
    assert clean_html(f'<img src="{other}">') == ""


def test_the_time_to_clean_a_text_grows_linearly():
    paragraph = f'<h2>Head</h2><p>{"word " * 70}<a href="https://example.org/">x</a></p>'
    body = (paragraph * 20 + '<img src="/media/a.jpg" alt="a">' * 5) * 10
    assert_linear(clean_html, body, body * 2)


@pytest.mark.parametrize(
    "part",
    [
        "<p>&nbsp;</p>",
        "<p><b> ",
        "</p><br> ",
        "<p class=MsoNormal style='mso-list:l0 level1 lfo1'>One</p>",
        "<p style='mso-list:l0 level2'><span style='mso-list:Ignore'>1.</span>a",
    ],
)
def test_the_time_to_clean_pasted_text_grows_linearly(part):
    assert_linear(clean_html, part * 500, part * 1000)
