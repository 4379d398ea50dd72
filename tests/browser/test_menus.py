"""The menus: arranged with the keyboard, by dragging and without JavaScript; opened by visitors."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from core.menus.models import MenuItem
from products.models import Category

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

URL = "/admin/menus/menuitem/?place=main"


@pytest.fixture
def menu() -> None:
    products = MenuItem.objects.create(place="main", kind="products", order=0)
    for number in range(2):
        category = Category.objects.create(name_en=f"Kind {number}", slug=f"kind-{number}")
        MenuItem.objects.create(
            place="main",
            kind="product-category",
            object_id=category.pk,
            parent=products,
            order=number,
        )
    for order, kind in enumerate(("news", "contacts"), start=1):
        MenuItem.objects.create(place="main", kind=kind, order=order)


def order() -> list[str]:
    return [item.kind for item in MenuItem.objects.filter(place="main", parent=None)]


@pytest.mark.usefixtures("menu")
def test_items_are_moved_with_the_keyboard(open_admin: Callable[..., Page]) -> None:
    page = open_admin("Editors")
    page.goto(URL)
    page.get_by_role("button", name="Move up: Contacts").focus()
    page.keyboard.press("Enter")
    up = page.get_by_role("button", name="Move up: Contacts")
    page.wait_for_url("**by=up")
    expect(up).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move down: Contacts")).to_be_focused()
    assert order() == ["contacts", "products", "news"]
    page.get_by_role("button", name="Move below the item before: News").press("Enter")
    expect(page.get_by_role("button", name="Move out: News")).to_be_visible()
    assert order() == ["contacts", "products"]


@pytest.mark.usefixtures("menu")
def test_items_are_moved_without_javascript(
    open_browser: Callable[..., Page], open_admin: Callable[..., Page]
) -> None:
    page = open_admin("Managers", java_script_enabled=False)
    page.goto(URL)
    expect(page.locator(".drag-handle").first).to_be_hidden()
    page.get_by_role("button", name="Move down: Products").click()
    page.wait_for_url("**by=down")
    assert order() == ["news", "products", "contacts"]


@pytest.mark.usefixtures("menu")
def test_items_are_dragged(open_admin: Callable[..., Page]) -> None:
    page = open_admin("Editors")
    page.goto(URL)

    def row(name: str) -> Locator:
        return page.locator(".menu-row", has=page.get_by_role("link", name=name, exact=True))

    row("Contacts").drag_to(row("Products"), target_position={"x": 100, "y": 4})
    page.wait_for_url("**by=before")
    assert order() == ["contacts", "products", "news"]
    row("Contacts").drag_to(row("News"), target_position={"x": 100, "y": 24})
    page.wait_for_url("**by=below")
    assert order() == ["products", "news"]


@pytest.mark.usefixtures("menu")
def test_an_item_is_added_by_searching_its_target(open_admin: Callable[..., Page]) -> None:
    page = open_admin("Editors")
    page.goto(URL)
    page.get_by_role("link", name="Add item", exact=True).click()
    expect(page.locator(".field-url")).to_be_hidden()
    page.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("Kind 1")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**place=main**")
    assert order() == ["products", "news", "contacts", "product-category"]
    page.get_by_role("link", name="Add item", exact=True).click()
    page.get_by_role("combobox", name="Target").click()
    page.locator(".select2-search__field").fill("URL")
    page.keyboard.press("Enter")
    page.locator("[name=url]").fill("shop.example.com")
    page.locator("[name=label_en]").fill("Shop")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**place=main**")
    assert MenuItem.objects.get(kind="url").url == "https://shop.example.com"


@pytest.mark.usefixtures("menu")
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_a_submenu_opens_and_closes_with_the_keyboard(
    open_browser: Callable[..., Page], width: int, prefix: str
) -> None:
    Category.objects.update(name_ar="نوع")
    page = open_browser(width)
    page.goto(f"{prefix}/contacts/")
    summary, submenu = page.locator(".main-navigation summary"), page.locator(".submenu")
    expect(submenu).to_be_hidden()
    summary.press("Enter")
    expect(submenu).to_be_visible()
    box = submenu.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width, "it is within the page"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    expect(submenu).to_be_hidden()
    expect(summary).to_be_focused()
    summary.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(submenu).to_be_hidden()
    summary.click()
    submenu.get_by_role("link").first.click()
    page.wait_for_url(f"**{prefix}/products/category/kind-0/")
    expect(page.locator(".main-navigation a[aria-current=true]")).to_be_visible()


@pytest.mark.usefixtures("menu")
def test_a_submenu_opens_without_javascript(open_browser: Callable[..., Page]) -> None:
    page = open_browser(390, java_script_enabled=False)
    page.goto("/")
    page.locator(".main-navigation summary").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Kind 1").click()
    expect(page).to_have_url(f"{page.url.split('/products')[0]}/products/category/kind-1/")
