"""The catalogue without JavaScript: filters, enlarged pictures, comparison on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from inquiries.models import Inquiry

FOUR = "p=jaw-crusher&p=cone-crusher&p=impact-crusher&p=belt-conveyor"


@pytest.mark.usefixtures("demo")
def test_a_product_list_is_filtered_and_reset(open_browser: Callable[..., Page]) -> None:
    page = open_browser(390, java_script_enabled=False)
    page.goto("/products/category/crushers/")
    page.get_by_text("Filter by specification").click()
    page.get_by_label("600 × 900 mm").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("status")).to_have_text("2 products")
    expect(page.get_by_label("600 × 900 mm")).to_be_checked()
    page.locator("a[hreflang=ar]").click()
    expect(page.locator(".chips")).to_contain_text("600 × 900 mm")
    page.locator(".chips a").click()
    expect(page.locator(".product-card")).to_have_count(4)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("language", ["", "/ar"])
def test_a_list_is_filtered_by_a_number_and_sorted(
    open_browser: Callable[..., Page], language: str
) -> None:
    page = open_browser(390, java_script_enabled=False)
    page.goto(f"{language}/products/category/crushers/")
    page.locator(".facets summary").first.click()
    least = page.locator("[name='min:motor power:kW']")
    least.fill("70")
    page.locator(".facets-body > .button").click()
    expect(page.locator(".product-card")).to_have_count(2)
    expect(page.locator(".chips")).to_contain_text("≥ 70 kW")
    expect(least).to_have_value("70")
    page.locator("#sort").select_option("up:weight:t")
    page.locator(".sorting button").click()
    expect(page.locator(".product-card").first).to_contain_text("KN-PF1210")
    expect(page.locator(".product-card").last).to_contain_text("KN-PE600")
    page.locator(".range-suggestions a").first.click()
    expect(page.locator(".chips")).to_contain_text("≥ 75 kW")
    expect(page.locator("#sort")).to_have_value("up:weight:t")
    assert page.evaluate("(scrollTo(500, 0), scrollX) || (scrollTo(-500, 0), scrollX)") == 0
    page.locator(".chips a").click()
    expect(page.locator(".product-card")).to_have_count(4)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("has_script", [True, False])
def test_a_variant_is_chosen_and_carried_into_the_inquiry(
    open_browser: Callable[..., Page], has_script: bool
) -> None:
    page = open_browser(390, java_script_enabled=has_script)
    page.goto("/products/jaw-crusher/")
    choice = page.get_by_role("group", name="Variant")
    expect(choice.get_by_label("Not decided yet")).to_be_checked()
    choice.get_by_label("With diesel engine").check()
    page.get_by_label("Quantity", exact=True).fill("3")
    page.locator(".add-to-inquiry").get_by_role("button", name="Add to inquiry").click()
    expect(page.get_by_role("status").filter(has_text="With diesel engine")).to_be_visible()
    if has_script:
        added = page.get_by_role("button", name="Change quantity")
        expect(added).to_be_visible()
        choice.get_by_label("On a steel skid").check()
        expect(added).to_be_hidden()
    page.goto("/products/jaw-crusher/")
    choice.get_by_label("On a steel skid").check()
    page.get_by_label("Quantity", exact=True).fill("2")
    page.get_by_role("button", name="Inquire about this product").click()
    expect(page.locator(".basket-lines")).to_contain_text("With diesel engine (KN-PE600-D) 3 set")
    expect(page.get_by_label("Variant")).to_have_value(re.compile("[0-9]+"))
    expect(page.get_by_label("Quantity", exact=True)).to_have_value("2")
    assert page.evaluate("(scrollTo(500, 0), scrollX)") == 0
    for name, value in {"message": "A price?", "name": "Ann", "email": "ann@example.com"}.items():
        page.locator(f"form [name={name}]").fill(value)
    page.get_by_role("button", name="Send inquiry").click()
    expect(page.get_by_role("heading", name="Thank you for your inquiry")).to_be_visible()
    inquiry = Inquiry.objects.get(email="ann@example.com")
    assert [(line.quantity, line.variant) for line in inquiry.lines.all()] == [
        (3, "With diesel engine (KN-PE600-D)"),
        (2, "On a steel skid (KN-PE600-S)"),
    ]


@pytest.mark.usefixtures("demo")
def test_pictures_are_enlarged_and_closed(open_browser: Callable[..., Page]) -> None:
    page = open_browser(390, java_script_enabled=False)
    page.goto("/products/jaw-crusher/")
    for number, close in ((1, None), (2, "Close")):
        page.locator(".gallery button").nth(number - 1).click()
        enlarged = page.locator(f"#picture-{number}")
        expect(enlarged.locator("img")).to_be_in_viewport(ratio=1)
        if close:
            enlarged.get_by_role("button", name=close).click()
        else:
            page.keyboard.press("Escape")
        expect(page.locator(".enlarged:popover-open")).to_have_count(0)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("language", ["", "/ar"])
def test_product_names_stay_visible_while_a_comparison_scrolls(
    open_browser: Callable[..., Page], language: str
) -> None:
    page = open_browser(390)
    page.goto(f"{language}/products/compare/?{FOUR}")
    head = page.locator(".comparison tbody th").first
    before = head.bounding_box()
    page.locator(".table-scroll").evaluate(
        "box => box.scrollBy(getComputedStyle(box).direction === 'rtl' ? -900 : 900, 0)"
    )
    expect(page.locator(".comparison thead th").last).to_be_in_viewport()
    assert head.bounding_box() == before
    assert page.evaluate("(scrollTo(-500, 0), scrollX) || (scrollTo(500, 0), scrollX)") == 0


@pytest.mark.usefixtures("demo")
def test_a_printed_product_has_no_navigation(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    page.goto("/products/jaw-crusher/")
    page.emulate_media(media="print")
    for shown in (".product h1", ".specifications", ".terms", ".contact", ".company"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in (".main-navigation", ".search", ".inquiry-button", ".breadcrumb", ".related"):
        expect(page.locator(hidden).first).to_be_hidden()


@pytest.mark.usefixtures("demo")
def test_a_basket_works_without_javascript(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser(390, java_script_enabled=False)
    for product in ("jaw-crusher", "cone-crusher"):
        page.goto(f"/products/{product}/")
        expect(page.get_by_role("link", name="Your inquiry list", exact=True)).to_be_visible()
        page.locator(".offer").get_by_role("button", name="Add to inquiry").click()
        expect(page).to_have_url(re.compile(f"/products/{product}/$"))
        expect(page.get_by_role("status")).to_contain_text("In your inquiry list")
    page.get_by_role("link", name="View inquiry list").click()
    expect(page.get_by_role("heading", name="Your inquiry list 2")).to_be_visible()
    for quantity, field in zip((2, 3), page.locator("[name^=quantity-]").all(), strict=True):
        field.fill(str(quantity))
    page.get_by_role("button", name="Continue to inquiry").click()
    expect(page.locator(".basket-lines")).to_contain_text("2 products in your inquiry list")
    expect(page.locator(".basket-lines li").first).to_contain_text("Jaw Crusher 600 × 900 2 set")
    for name, value in {"message": "A price?", "name": "Ann", "email": "ann@example.com"}.items():
        page.locator(f"form [name={name}]").fill(value)
    page.get_by_role("button", name="Send inquiry").click()
    expect(page.get_by_role("heading", name="Thank you for your inquiry")).to_be_visible()
    inquiry = Inquiry.objects.get(email="ann@example.com")
    assert sorted(inquiry.lines.values_list("quantity", flat=True)) == [2, 3]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("width", [1280, 960, 390])
@pytest.mark.parametrize(
    ("language", "link"),
    [("", "Your inquiry list 2"), ("/ar", "سلة استفساركم 2"), ("/zh-hans", "您的询盘篮 2")],
)
def test_the_header_shows_the_number_of_products_in_the_basket(
    open_browser: Callable[..., Page], width: int, language: str, link: str
) -> None:
    page = open_browser(width)
    basket = page.locator(".basket-link")
    for number, product in enumerate(("jaw-crusher", "jaw-crusher", "cone-crusher")):
        page.goto(f"{language}/products/{product}/")
        expect(basket).to_be_visible()
        page.locator(".offer form[action$='/basket/add/'] button:not([formaction])").click()
        expect(page.locator(".basket-size")).to_have_text("2" if number == 2 else "1")
    expect(page.get_by_role("link", name=link)).to_be_visible()
    page.goto(f"{language}/products/")
    expect(basket).to_be_in_viewport(ratio=1)
    assert not overlaps(basket, page.locator(".brand > *").last)
    assert not overlaps(basket, page.locator(".main-navigation"))
    basket.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".basket-line")).to_have_count(2)
    for _ in range(2):
        page.locator("[name=remove]").first.click()
    expect(page.locator(".empty")).to_be_visible()
    expect(page.locator(".basket-size")).to_be_empty()


def overlaps(one: Locator, other: Locator) -> bool:
    """Whether two elements cover a common area."""
    a, b = one.bounding_box(), other.bounding_box()
    assert a
    assert b
    return (
        a["x"] < b["x"] + b["width"]
        and b["x"] < a["x"] + a["width"]
        and a["y"] < b["y"] + b["height"]
        and b["y"] < a["y"] + a["height"]
    )
