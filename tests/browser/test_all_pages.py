"""Every kind of public page, in every language, on desktop and phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from news.models import Article
from products.models import Product

LANGUAGES = {"en": "", "zh-hans": "/zh-hans", "ar": "/ar"}


def paths() -> list[str]:
    article = Article.objects.exclude(body_ar="").exclude(cover="").first()
    product = Product.objects.exclude(description_ar="").first()
    return [
        "/",
        "/news/",
        article.get_absolute_url(),
        "/products/",
        product.get_absolute_url(),
        "/contacts/",
        "/inquiry/",
        "/site-index/",
        "/no-such-page/",
    ]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_fit_the_window_and_have_valid_structure(
    open_browser: Callable[..., Page], width: int, language: str
) -> None:
    page = open_browser(width)
    wrong = []
    for path in paths():
        page.goto(LANGUAGES[language] + path)
        wrong += [f"{path}: {problem}" for problem in problems(page, language)]
    assert wrong == []


def problems(page: Page, language: str) -> list[str]:
    """The structural problems of the open page, one sentence each."""
    found = page.evaluate(
        """() => {
            const page = document.documentElement
            const pictures = [...document.images]
            return {
                lang: page.lang,
                dir: getComputedStyle(page).direction,
                headings: document.querySelectorAll("h1").length,
                tooWide: document.scrollingElement.scrollWidth - innerWidth,
                unnamed: pictures.filter((picture) => !picture.hasAttribute("alt")).length,
                emptyLinks: [...document.querySelectorAll("a")]
                    .filter((link) => !link.textContent.trim() && !link.ariaLabel
                        && !link.querySelector("img[alt]:not([alt=''])"))
                    .map((link) => link.outerHTML),
            }
        }"""
    )
    expected = {
        "lang": language,
        "dir": "rtl" if language == "ar" else "ltr",
        "headings": 1,
        "unnamed": 0,
        "emptyLinks": [],
    }
    wrong = [f"{key} is {found[key]}" for key, value in expected.items() if found[key] != value]
    if found["tooWide"] > 0:
        wrong.append(f"it is {found['tooWide']} pixels wider than its window")
    return wrong


@pytest.mark.usefixtures("demo")
def test_only_the_inquiry_form_sets_a_cookie(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    for path in paths():
        page.goto(path)
        cookies = page.context.cookies()
        page.context.clear_cookies()
        expected = ["csrftoken"] if path == "/inquiry/" else []
        assert [cookie["name"] for cookie in cookies] == expected, path


@pytest.mark.usefixtures("demo")
def test_all_images_load(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    for path in paths():
        page.goto(path)
        for picture in page.locator("img:visible").all():
            picture.scroll_into_view_if_needed()
        # Enlarged pictures are loaded when they are opened.
        for button in page.locator(".gallery button").all():
            button.click()
            page.wait_for_function(
                "() => document.querySelector('.enlarged:popover-open img')?.naturalWidth"
            )
            page.keyboard.press("Escape")
        for summary in page.locator("details:has(img) > summary").all():
            summary.click()
        page.wait_for_load_state("networkidle")
        broken = page.evaluate(
            "() => [...document.images].filter((i) => !i.naturalWidth).map((i) => i.src)"
        )
        assert broken == [], path
