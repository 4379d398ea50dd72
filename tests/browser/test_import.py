"""Importing a sheet in a browser: preview, read it differently, confirm."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from products.models import Category, Product

SHEET = {
    "name": "products.csv",
    "mimeType": "text/csv",
    "buffer": "sku;name_en;category;min_order\nK-1;кран;Cranes;1.000\n".encode("cp1251"),
}


def test_a_sheet_is_read_differently_and_imported(open_admin: Callable[..., Page]) -> None:
    Category.objects.create(name="Cranes")
    page = open_admin("Managers")
    page.goto("/admin/products/product/import/")
    page.locator("#id_import_file").set_input_files(SHEET)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("How the file was read:")).to_be_visible()
    page.get_by_label("Character set").select_option("koi8-r")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("rowheader", name="ЙПЮМ")).to_be_visible()
    page.get_by_label("Character set").select_option("cp1251")
    page.get_by_label("Separator").select_option("semicolon")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("rowheader", name="кран")).to_be_visible()
    page.get_by_role("button", name="Confirm import").click()
    expect(page.get_by_text("Import finished: 1 new")).to_be_visible()
    product = Product.objects.get()
    assert (product.name_en, product.min_order) == ("кран", 1000)
