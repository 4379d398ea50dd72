"""The form of the site: name, look, icon, social networks, and what pages make of them."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from contacts.look import Corners, Font, Look
from contacts.models import Company, SocialLink
from core.colors import MIN_CONTRAST, WHITE, contrast
from tests.factories import make_company, make_page, make_user, picture_file

pytestmark = pytest.mark.django_db

URL = "/admin/contacts/site/"


def make_form_data(links=(), **fields):
    data = {"name_en": "Example Ltd.", "corners": "round", "font": "system"}
    data |= {"social_links-TOTAL_FORMS": len(links), "social_links-INITIAL_FORMS": 0}
    for number, row in enumerate(links):
        data |= {f"social_links-{number}-{name}": value for name, value in row.items()}
    return data | fields


def head(client, path="/"):
    return BeautifulSoup(client.get(path).content, "html.parser").head


def upload(width, height):
    return picture_file(size=(width, height))


def test_pages_take_the_color_the_corners_and_the_font_at_once(as_user, client):
    assert not head(client).select('link[href^="/look/"]')
    data = make_form_data(color="A3195B", corners="square", font="serif")
    assert as_user(make_user("Managers")).post(URL, data).status_code == 302
    [link] = head(client).select('link[href^="/look/"]')
    style = client.get(link["href"])
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in style.headers["Cache-Control"]
    text = style.content.decode()
    assert "--brand-fill: #a3195b;" in text
    assert "--round: 0px;" in text
    assert "Georgia" in text
    assert head(client).select_one('[name="theme-color"]')["content"] != "#0f2d43"
    admin = head(as_user(make_user("Editors")), "/admin/")
    assert admin.select_one(f'link[href="{link["href"]}"]'), "the admin has the same colors"


def test_a_color_that_is_hard_to_read_is_refused_with_the_nearest_that_works(as_user):
    manager = as_user(make_user("Managers"))
    page = manager.post(URL, make_form_data(color="#ff9900", about_en="We make crushers."))
    text = page.content.decode()
    [readable] = re.findall(r"nearest color that works is (#[0-9a-f]{6})", text)
    assert contrast(readable, WHITE) >= MIN_CONTRAST
    assert "#ff9900" in text, "what was typed is kept"
    assert "We make crushers." in text
    assert Company.get_solo().color == ""
    assert manager.post(URL, make_form_data(color=readable)).status_code == 302


@pytest.mark.parametrize("color", ["red", "#12", "javascript:1", "#0f5e75;}body{"])
def test_what_is_no_color_is_refused(as_user, color):
    page = as_user(make_user("Managers")).post(URL, make_form_data(color=color))
    assert "Enter a color such as #0f5e75." in page.content.decode() or "at most 7" in str(
        page.content
    )


@pytest.mark.parametrize(
    "color", ["#0f5e75", "#a3195b", "#1a4d1a", "#767676", "#000000", "#7a3b00"]
)
def test_every_text_can_be_read_in_both_modes(color):
    sheet = Look(color).style_sheet
    pairs = dict(re.findall(r"--([\w-]+): light-dark\(([^)]*)\)", sheet))
    colors = {name: pair.split(", ") for name, pair in pairs.items()}
    for mode in (0, 1):
        for text in ("ink", "heading", "brand", "brand-strong"):
            for ground in ("page-color", "surface", "mist"):
                ratio = contrast(colors[text][mode], colors[ground][mode])
                assert ratio >= MIN_CONTRAST - 0.4, (text, ground, mode, ratio)
        assert contrast(colors["deep"][mode], WHITE) >= MIN_CONTRAST


def test_a_style_sheet_of_another_version_is_not_kept_and_a_wrong_one_is_not_found(client):
    url = Look("#0f5e75", Corners.SLIGHT, Font.SERIF).url
    assert client.get(url).status_code == 200
    other = client.get(re.sub(r"\.\w+\.css", ".00000000.css", url))
    assert (other.status_code, other.headers["Cache-Control"]) == (200, "no-cache")
    for wrong in ("/look/zzz-slight-serif.1.css", "/look/none-other-serif.1.css"):
        assert client.get(wrong).status_code == 404


def test_the_icon_becomes_a_square_that_phones_accept(as_user, client):
    data = make_form_data(icon=upload(600, 300))
    assert as_user(make_user("Managers")).post(URL, data).status_code == 302
    company = Company.get_solo()
    assert (company.icon_width, company.icon_height) == (512, 512)
    assert head(client).select_one('[rel="apple-touch-icon"]')["href"] == company.icon.url
    manifest = json.loads(client.get("/site.webmanifest").content)
    assert manifest["icons"][0]["src"] == company.icon.url
    assert manifest["name"] == "Example Ltd."
    assert client.get("/favicon.ico").url == company.icon.url


def test_a_small_icon_is_refused_beside_its_field(as_user):
    page = as_user(make_user("Managers")).post(URL, make_form_data(icon=upload(100, 100)))
    errors = BeautifulSoup(page.content, "html.parser").select_one(".field-icon .errorlist")
    assert "smaller than 192 × 192 pixels" in errors.get_text()


def test_favicon_ico_without_an_icon_leads_to_the_sites_own(client):
    make_company()
    assert "touch-icon" in client.get("/favicon.ico").url


def test_social_networks_and_texts_are_in_the_footer(as_user, client):
    links = [
        {"network": "linkedin", "url": "https://www.linkedin.com/company/example", "order": 1},
        {"network": "wechat", "qr_code": upload(300, 300), "order": 0},
    ]
    data = make_form_data(links, about_en="We make <crushers>.", footer_text_en="HRB 1234")
    response = as_user(make_user("Managers")).post(URL, data)
    assert response.status_code == 302, response.content.decode()
    footer = BeautifulSoup(client.get("/").content, "html.parser").footer
    assert [li.get_text(strip=True) for li in footer.select(".networks li")] == [
        "WeChat",
        "LinkedIn",
    ]
    assert footer.select_one('a[href="https://www.linkedin.com/company/example"]')
    assert footer.select_one("details img")["alt"] == "QR code of our account on WeChat"
    assert "We make <crushers>." in footer.get_text()
    assert "HRB 1234" in footer.get_text()


@pytest.mark.parametrize(
    ("link", "error"),
    [
        ({"network": "wechat", "order": 0}, "Upload the QR code of the account."),
        ({"network": "x", "order": 0}, "Enter the address of the account."),
        ({"network": "x", "url": "javascript:alert(1)", "order": 0}, "Enter a valid URL."),
    ],
)
def test_an_incomplete_network_is_refused(as_user, link, error):
    page = as_user(make_user("Managers")).post(URL, make_form_data([link]))
    assert error in page.content.decode()
    assert not SocialLink.objects.exists()


def test_the_preview_shows_the_form_and_saves_nothing(as_user, client):
    manager = as_user(make_user("Managers"))
    make_company(name="Before")
    data = make_form_data(name_en="After & Sons", color="#a3195b")
    preview = manager.post(f"{URL}preview/", data)
    assert "After &amp; Sons" in preview.content.decode()
    assert "/look/a3195b-" in preview.content.decode()
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    assert "no-store" in preview.headers["Cache-Control"]
    assert Company.get_solo().name == "Before"
    for page in (client.get("/"), manager.get(f"{URL}preview/")):
        assert "After" not in page.content.decode(), "no part of it is kept"
        assert "Before" in page.content.decode()


def test_the_preview_shows_a_home_page_of_blocks(as_user):
    make_page("home", is_home=True)
    preview = as_user(make_user("Managers")).post(f"{URL}preview/", make_form_data())
    assert preview.status_code == 200
    assert "<p>We.</p>" in preview.content.decode()


def test_the_preview_says_what_has_to_be_corrected(as_user):
    preview = as_user(make_user("Managers")).post(f"{URL}preview/", make_form_data(color="#ff0"))
    assert preview.status_code == 422
    assert "The nearest color that works" in preview.content.decode()


@pytest.mark.parametrize("role", ["Editors", "Sales", "Writers"])
@pytest.mark.parametrize("path", [URL, f"{URL}preview/"])
def test_only_managers_change_the_site(as_user, role, path):
    assert as_user(make_user(role)).get(path).status_code == 403


def test_links_to_pages_without_a_picture_are_shared_with_the_companys(as_user, client):
    data = make_form_data(sharing_picture=upload(1200, 630))
    assert as_user(make_user("Managers")).post(URL, data).status_code == 302
    for path in ("/", "/products/", "/contacts/", "/news/"):
        image = head(client, path).select_one('[property="og:image"]')
        assert image["content"].endswith(Company.get_solo().sharing_picture.url), path


def count_visitors_with(provider, site):
    make_company(analytics_provider=provider, analytics_id=site)


def policy(response):
    parts = (part.split(" ") for part in response.headers["Content-Security-Policy"].split("; "))
    return {name: sources for name, *sources in parts}


def test_nothing_is_loaded_from_others_by_default(client):
    make_company()
    page = client.get("/")
    assert "analytics" not in page.content.decode()
    assert policy(page)["script-src"] == ["'self'"]


@pytest.mark.parametrize(
    ("provider", "site", "script"),
    [
        ("google", "G-ABC123", "https://www.googletagmanager.com/gtag/js?id=G-ABC123"),
        ("plausible", "example.com", "https://plausible.io/js/script.js"),
        (
            "matomo",
            "example.matomo.cloud",
            "https://cdn.matomo.cloud/example.matomo.cloud/matomo.js",
        ),
        ("umami", "94db1cb1-74f4", "https://cloud.umami.is/script.js"),
        ("baidu", "0123abcd", "https://hm.baidu.com/hm.js?0123abcd"),
    ],
)
def test_a_provider_may_be_loaded_after_consent(client, provider, site, script):
    count_visitors_with(provider, site)
    page = client.get("/news/")
    html = BeautifulSoup(page.content, "html.parser")
    [loader] = html.select("script[data-provider]")
    assert (loader["data-url"], loader["data-site"]) == (script, site)
    assert not html.select('script[src^="https:"]'), "only the visitor's consent loads it"
    assert html.select_one(".consent").has_attr("hidden"), "without JavaScript nobody is asked"
    host = script.split("/")[2]
    assert f"https://{host}" in policy(page)["script-src"]
    assert policy(page)["default-src"] == ["'none'"]


def test_pages_with_a_token_and_the_admin_are_not_counted(client):
    count_visitors_with("google", "G-ABC123")
    for path in ("/inquiry/status/wrong-token/", "/admin/login/"):
        page = client.get(path)
        assert "data-provider" not in page.content.decode(), path
        assert policy(page)["script-src"] == ["'self'"], path


@pytest.mark.parametrize("site", ['"><script>', "a b", "example.com/x", "a;img-src *"])
def test_an_id_that_could_be_markup_or_a_policy_is_refused(as_user, site):
    data = make_form_data(analytics_provider="matomo", analytics_id=site)
    page = as_user(make_user("Managers")).post(URL, data)
    assert "Enter a valid value." in page.content.decode()


def test_a_provider_needs_its_id(as_user):
    page = as_user(make_user("Managers")).post(URL, make_form_data(analytics_provider="google"))
    assert "Enter the id that the provider shows." in page.content.decode()
