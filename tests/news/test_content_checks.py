"""The findings of the content checks, and what they accept."""

import pytest
from django.contrib.redirects.models import Redirect
from django.utils import timezone, translation

from core.links import dead_links
from news.content_checks.checks import ArticleText, Finding, Severity, check_texts, linked_urls
from news.content_checks.text_errors import (
    find_doubled_words,
    find_failed_replacements,
    find_placeholders,
    find_wrong_encoding,
)
from tests.factories import make_article, make_contact, make_page, make_product

CHECKS = (
    find_placeholders,
    find_failed_replacements,
    find_wrong_encoding,
    find_doubled_words,
)
GOOD = ArticleText(
    "en",
    title="A jaw crusher leaves for Mombasa",
    summary="The first of three plants is on its way.",
    body="<p>It weighs 26 tonnes and crushes 200 tonnes an hour.</p>",
)


def found(field: str = "body", **changes: str) -> list[str]:
    text = ArticleText(**{**GOOD.__dict__, **changes})
    return [finding.message for finding in check_texts([text]) if finding.field == field]


def test_a_good_article_has_no_findings():
    assert check_texts([GOOD]) == []


def test_an_empty_form_has_no_findings():
    assert check_texts([ArticleText("en"), ArticleText("ar", body="<p>&nbsp;</p>")]) == []


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("Dear {{name}}, welcome", "{{name}}"),
        ("Dear {name}, welcome", "{name}"),
        ("{% block x %}", "{% block x %}"),
        ("Dear ${customer}", "${customer}"),
        ("Hello %(name)s", "%(name)s"),
        ("Lorem ipsum dolor sit", "Lorem ipsum dolor"),
        ("Here be LOREM IPSUM", "LOREM IPSUM"),
        ("Weight: TODO", "TODO"),
        ("这里TODO一下", "TODO"),
        ("Price: xxx USD", "xxx"),
        ("Call +86 371 XXXX", "XXXX"),
        ("[insert picture here]", "[insert picture here]"),
        ("made by [company name]", "[company name]"),
        ("Your text here", "Your text here"),
        ("by <your name>", "<your name>"),
        ("Price: ????", "????"),
        ("Price: [object Object]", "[object Object]"),
        ("A&nbsp;B", "&nbsp;"),
        ("Zhengzhou � works", "�"),
    ],
)
def test_a_placeholder_is_found(text, slip):
    assert slip in list(find_placeholders(text))


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("the BBB1 crusher", "BBB1"),
        ("型号BBB1的破碎机", "BBB1"),
        ("the cOne Roadruction site", "cOne Roadruction"),
        ("under conStruction now", "conStruction now"),
        ("a typeScript", "typeScript"),
    ],
)
def test_a_failed_find_and_replace_is_found(text, slip):
    assert list(find_failed_replacements(text)) == [slip]


@pytest.mark.parametrize("text", ["The companyâ€™s works", "CafÃ© Central", "26Â\u00a0tonnes"])
def test_wrong_encoding_is_found(text):
    assert list(find_wrong_encoding(text))


@pytest.mark.parametrize("text", ["in the the works", "The the works", "كسارة كسارة", "die die"])
def test_a_doubled_word_is_found(text):
    assert len(list(find_doubled_words(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "600 × 900 mm",
        "PE600×900 and PE 400×600",
        "CAT C13 with 328 kW",
        "on an iPhone, iPad or eBook reader",
        "PowerPoint, YouTube, WhatsApp, McDonald, JavaScript, GmbH",
        "kWh, mAh, kPa, MPa, mmHg, kVAr, dB, pH, rpm",
        "ISO9001, EN10025, HTTP2, AAA batteries, XXL, 3D, CO2, H2O",
        "macOS and mRNA, uPVC pipe",
        "Write to sales@xxx.com or see https://example.com/xxx/aBcdef?x={{y}}",
        "看看这个，慢慢来，好好学习，天天向上",
        "看看 看看",
        "Type 2 2 rows",
        "10 % (approx.) at 50 °C: 100%s",
        "O’Neill’s plant, de-icing, Wi-Fi",
        "no. 12-12, word-word",
        "5 nm Nm",
        "كسارة فكية متنقلة",
        "Café, Zürich, naïve, Ångström",
        "What? Really?? No!",
    ],
)
def test_ordinary_words_are_not_reported(text):
    for check in (
        find_placeholders,
        find_failed_replacements,
        find_wrong_encoding,
        find_doubled_words,
    ):
        assert list(check(text)) == [], check.__name__


def test_every_field_and_alternative_text_is_checked():
    assert found("title", title="Dear {{name}}")
    assert found("summary", summary="TODO")
    assert found("body", body='<p>a</p><p><img src="/media/a.jpg" alt="TODO"></p>')
    assert found("cover_alt", cover_alt="lorem ipsum")


def test_code_is_not_checked_and_separates_words():
    assert not found(body="<pre>{{name}} cOne TODO</pre><p>the <code>x</code> the</p>")


def test_a_doubled_word_is_found_across_tags_but_not_across_blocks():
    assert found(body="<p>Of <strong>the</strong> the works</p>") == ["Repeated word: the the"]
    assert not found(body="<h2>Crusher</h2><p>Crusher of ours</p><ul><li>one</li><li>one</li></ul>")


def test_a_doubled_word_is_a_hint_and_a_placeholder_a_problem():
    text = ArticleText("en", "A title", "Summary", "<p>that that TODO</p>")
    assert [finding.severity for finding in check_texts([text])] == [
        Severity.PROBLEM,
        Severity.HINT,
    ]


def test_few_errors_are_quoted_and_long_ones_shortened():
    body = "".join(f"<p>{{{{name{number}}}}}</p>" for number in range(9))
    [message] = found(body=body + "<p>{{name1}}</p>")
    assert message.endswith("{{name0}} · {{name1}} · {{name2}} …")
    [message] = found(body=f"<p>{{{{{'x' * 200}}}}}</p>")
    assert len(message) < 120


def test_pictures_without_alternative_text_are_counted():
    body = '<img src="/a.jpg"><img src="/b.jpg" alt=" "><img src="/c.jpg" alt="A crusher">'
    assert found(body=body) == ["2 images have no alternative text."]


def test_a_cover_needs_an_alternative_text():
    assert [f.field for f in check_texts([GOOD], has_cover=True)] == ["cover_alt"]
    described = ArticleText(**{**GOOD.__dict__, "cover_alt": "A crusher on a truck"})
    assert check_texts([described], has_cover=True) == []


def test_an_empty_summary_is_a_hint():
    assert found("summary", summary=" ")
    assert found("title", title=" ") == ["The title is empty."]


@pytest.mark.parametrize(
    ("title", "is_long"),
    [("a" * 60, False), ("a" * 61, True), ("破" * 30, False), ("破" * 31, True), ("ك" * 60, False)],
)
def test_the_width_of_a_title_is_measured_for_search_results(title, is_long):
    assert bool(found("title", title=title)) == is_long


def test_a_missing_language_is_reported_once():
    findings = check_texts(
        [GOOD, ArticleText("zh-hans"), ArticleText("ar", title="كسارة", summary="كسارة فكية")]
    )
    assert [(finding.language, finding.field) for finding in findings] == [
        ("zh-hans", "title"),
        ("ar", "body"),
    ]
    assert {finding.severity for finding in findings} == {Severity.HINT}


def test_an_untranslated_copy_is_found():
    long = "<p>" + "It crushes two hundred tonnes of stone. " * 4 + "</p>"
    texts = [ArticleText(code, "A title", "A summary", long) for code in ("en", "ar")]
    assert check_texts(texts) == [
        Finding("body", "ar", Severity.HINT, "The text is identical to the default language.")
    ]


def test_dead_links_are_reported_with_their_text():
    body = '<p><a href="/news/gone/">the plant</a> <a href="/news/">all</a></p>'
    text = ArticleText(**{**GOOD.__dict__, "body": body})
    assert linked_urls([text]) == ["/news/gone/", "/news/"]
    [finding] = check_texts([text], dead_links={"/news/gone/"})
    assert finding.message == "Broken link: the plant → /news/gone/"


@pytest.mark.django_db
def test_internal_links_are_checked(settings, django_assert_max_num_queries):
    settings.SITE_URL = "https://www.example.com"
    make_article(slug="there")
    make_article(slug="later", publish_time=timezone.now() + timezone.timedelta(days=1))
    make_article(slug="draft", status="draft")
    product = make_product(slug="crusher")
    contact, inactive = make_contact(), make_contact(is_active=False)
    make_page()
    Redirect.objects.create(site_id=1, old_path="/news/old/", new_path="/news/there/")
    Redirect.objects.create(site_id=1, old_path="/news/withdrawn/", new_path="")
    alive = [
        "/", "/news/", "/news/there/", "/news/there", "/ar/news/there/", "../there/", "/news/old/",
        "https://www.example.com/news/there/?utm_source=x#top", "https://www.example.com",
        "/products/crusher/", f"/products/category/{product.category.slug}/", "/about/",
        "/zh-hans/about/", f"/contacts/{contact.pk}.vcf", "#part", "?page=2", "/inquiry/?product=x",
        "mailto:a@example.com", "tel:+86371", "https://elsewhere.example/gone", "//other.example/x",
    ]  # fmt: skip
    dead = [
        "/news/gone/", "/news/later/", "/news/draft/", "/ar/news/draft/", "/products/gone/",
        "/products/category/gone/", "/news/category/gone/", "/no-such-page/", "/nothing", "#", "",
        "https://www.example.com/news/gone/", f"/contacts/{inactive.pk}.vcf", "/news/withdrawn/",
        "/admin/news/article/", "/media/pictures/gone.jpg", "/media/../secret", "/a%00b/",
        "/contacts/99999999999999999999999.vcf", "https://www.example.com/[",
    ]  # fmt: skip
    with django_assert_max_num_queries(9):
        assert dead_links([*alive, *dead], base="/news/this/") == set(dead)


@pytest.mark.django_db
def test_links_are_checked_the_same_in_every_language_of_the_admin():
    make_article(slug="there")
    for language in ("en", "ar", "zh-hans"):
        with translation.override(language):
            assert dead_links(["/news/there/", "/ar/news/there/", "/news/no/"], "/news/") == {
                "/news/no/"
            }
