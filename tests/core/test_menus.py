"""The menus in the header and the footer, and how staff arrange them."""

from threading import Barrier, Thread

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.menus.models import MenuItem, Place
from core.menus.services import add_item, customize_menu
from core.menus.urls import validate_menu_url
from core.pages.models import Page
from core.staff_log.models import StaffAction
from news.models import Category as NewsCategory
from products.models import Category
from tests.factories import make_company, make_contact, make_product, make_user

pytestmark = pytest.mark.django_db

URL = "/admin/menus/menuitem/"
ADD = f"{URL}add/"


def html(client, path="/"):
    return BeautifulSoup(client.get(path).content, "html.parser")


def texts(links):
    return [" ".join(link.get_text().split()) for link in links]


def main_menu(client, path="/"):
    return texts(html(client, path).select(".main-navigation > ul > li > :is(a, details)"))


def main_links(client, path="/"):
    return texts(html(client, path).select(".main-navigation a"))


def footer(client, path="/"):
    return html(client, path).footer


def make_item(kind, place="main", **fields):
    item = MenuItem(place=place, kind=kind, **fields)
    item.order = MenuItem.objects.filter(place=place, parent=fields.get("parent")).count()
    item.save()
    return item


def make_category(**names):
    return Category.objects.create(**{"name_en": "Crushers", "slug": "crushers"} | names)


def make_page(slug="about", **fields):
    fields = {"title_en": "About us", "status": Page.Status.PUBLISHED} | fields
    return Page.objects.create(slug=slug, **fields)


def make_category_item(category, **fields):
    return make_item("product-category", object_id=category.pk, **fields)


def tree(place="main"):
    """The menu as text: labels or kinds, and those below in brackets."""
    items = list(MenuItem.objects.filter(place=place))

    def below(parent):
        for item in items:
            if item.parent_id == parent:
                inner = ",".join(below(item.pk))
                yield (item.label_en or item.kind) + (f"({inner})" if inner else "")

    return " ".join(below(None))


def make_tree():
    """a(a1,a2) b c"""
    a = make_item("news", label_en="a")
    items = {"a": a, "a1": make_item("home", parent=a, label_en="a1")}
    items["a2"] = make_item("home", parent=a, label_en="a2")
    return items | {name: make_item("products", label_en=name) for name in ("b", "c")}


@pytest.fixture
def editor(as_user):
    return as_user(make_user("Editors"))


def data(target, **fields):
    return {
        "target": target,
        "url": "",
        "label_en": "",
        "label_zh_hans": "",
        "label_ar": "",
    } | fields


# What visitors see


def test_without_items_there_are_the_default_menus(client):
    assert main_menu(client) == ["Home", "News", "Products", "Contacts"]
    assert not footer(client).select(".footer-menu")
    assert footer(client).select_one('.fine-print a[href="/site-index/"]')


@pytest.mark.parametrize(
    ("path", "page", "section"),
    [
        ("/", "Home", None),
        ("/news/", "News", None),
        ("/products/", "Products", None),
        ("/products/jaw/", None, "Products"),
        ("/contacts/", "Contacts", None),
        ("/inquiry/", None, None),
        ("/not-found/", None, None),
    ],
)
def test_the_current_item_is_marked(client, path, page, section):
    make_product(slug="jaw")
    for prefix in ("", "/zh-hans"):
        menu = html(client, prefix + path).select_one(".main-navigation")
        for value, name in (("page", page), ("true", section)):
            found = menu.select(f'[aria-current="{value}"]')
            assert len(found) == (name is not None)
            if name and not prefix:
                assert texts(found) == [name]


def test_items_lead_to_pages_categories_contacts_and_urls(client):
    make_category_item(make_category())
    make_item("news-category", object_id=NewsCategory.objects.create(name_en="Works").pk)
    contact = make_contact(name="July")
    make_item("contact", object_id=contact.pk)
    page = make_page()
    make_item("page", object_id=page.pk)
    make_item("inquiry")
    make_item("url", url="https://shop.example.com/", label_en="Shop", open_in_new_tab=True)
    links = html(client).select(".main-navigation a")
    assert {" ".join(link.get_text().split()): link["href"] for link in links} == {
        "Crushers": "/products/category/crushers/",
        "Works": "/news/category/works/",
        "July": f"/contacts/#contact-{contact.pk}",
        "About us": "/about/",
        "Product Inquiry": "/inquiry/",
        "Shop (opens in a new tab)": "https://shop.example.com/",
    }
    assert (links[-1]["target"], links[-1]["rel"]) == ("_blank", ["noopener"])
    assert main_links(client, "/about/")[3] == "About us"
    current = html(client, "/about/").select('.main-navigation [aria-current="page"]')
    assert texts(current) == ["About us"]
    assert not html(client, "/ar/").select_one('.main-navigation a[href="/ar/about/"]')
    page.title_ar = "من نحن"
    page.save()
    assert html(client, "/ar/").select_one('.main-navigation a[href="/ar/about/"]')


def test_a_submenu_is_below_its_item_which_is_marked_with_it(client):
    products = make_item("products")
    make_category_item(make_category(), parent=products)
    page = html(client, "/products/category/crushers/")
    [details] = page.select(".main-navigation li > a[href='/products/'] + details")
    assert texts(details.select("summary")) == ["Submenu of Products"]
    assert texts(details.select("ul a[aria-current=page]")) == ["Crushers"]
    assert page.select_one(".main-navigation a[href='/products/']")["aria-current"] == "true"
    assert page.select('.main-navigation script[src*="submenus"]')


def test_a_heading_opens_its_submenu_and_is_not_shown_without_one(client):
    heading = make_item("heading", label_en="Machines")
    make_item("home")
    assert main_menu(client) == ["Home"]
    make_category_item(make_category(), parent=heading)
    page = html(client, "/products/category/crushers/")
    summary = page.select_one(".main-navigation summary")
    assert (texts([summary]), summary["aria-current"]) == (["Machines"], "true")


def test_an_item_is_shown_in_the_languages_of_its_target(client):
    make_item("home", label_ar="البداية")
    make_category_item(make_category(name_ar="الكسارات"))
    make_item("url", url="/catalogue.pdf", label_en="Catalogue", label_zh_hans="目录")
    assert main_menu(client) == ["Home", "Crushers", "Catalogue"]
    assert main_menu(client, "/ar/") == ["البداية", "الكسارات"]
    chinese = main_menu(client, "/zh-hans/")
    assert len(chinese) == 2
    assert chinese[1] == "目录"


def test_a_label_does_not_lead_to_a_page_that_is_not_translated(client):
    make_item("home")
    make_category_item(make_category(), label_en="Our crushers", label_ar="كساراتنا")
    assert main_menu(client)[1] == "Our crushers"
    assert len(main_menu(client, "/ar/")) == 1


def test_items_vanish_with_what_they_lead_to_and_change_with_it(client):
    category, contact = make_category(), make_contact(name="July")
    make_item("home")
    make_category_item(category)
    make_item("contact", object_id=contact.pk)
    page = make_page()
    make_item("page", object_id=page.pk)
    make_item("of-an-app-that-was-removed", object_id=1)
    assert main_menu(client) == ["Home", "Crushers", "July", "About us"]
    category.name_en = "Mills"
    category.save()
    page.status = Page.Status.DRAFT
    page.save()
    contact.is_active = False
    contact.save()
    assert main_menu(client) == ["Home", "Mills"]
    category.delete()
    assert main_menu(client) == ["Home"]


def test_labels_and_urls_are_escaped(client):
    make_item("url", url='/a"onmouseover="x', label_en="<script>alert(1)</script>")
    [link] = html(client).select(".main-navigation a")
    assert (link["href"], link.get_text()) == ('/a"onmouseover="x', "<script>alert(1)</script>")
    assert set(link.attrs) == {"href"}


def test_the_footer_has_groups_and_the_legal_line_its_own_items(client):
    group = make_item("heading", "footer", label_en="For buyers")
    make_item("inquiry", "footer", parent=group)
    make_item("contacts", "footer")
    make_item("url", "legal", url="/privacy/", label_en="Privacy")
    menu = footer(client, "/contacts/").select_one(".footer-menu")
    assert texts(menu.select("ul > li > span")) == ["For buyers"]
    assert texts(menu.select("li li a")) == ["Product Inquiry"]
    assert texts(menu.select('[aria-current="page"]')) == ["Contacts"]
    assert texts(footer(client).select(".fine-print a")) == ["Privacy"]
    assert not footer(client).select('.footer-menu [aria-current="page"]')


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example.com/",
        "/\\evil.example.com/",
        "/a b",
        "news",
        "http://",
        "mailto:nobody",
        "tel:call me",
        "ftp://example.com/",
        "/\n",
    ],
)
def test_other_urls_are_refused(url):
    with pytest.raises(ValidationError):
        validate_menu_url(url)


@pytest.mark.parametrize(
    "url",
    ["/", "/news/?page=2#top", "https://example.com/a", "mailto:a@example.com", "tel:+86 371 537"],
)
def test_usual_urls_are_accepted(url):
    validate_menu_url(url)


# What staff do


def test_an_editor_adds_an_item_to_the_default_menu_which_keeps_the_others(editor, client):
    category = make_category()
    assert "Crushers" in editor.get(f"{ADD}?place=main").content.decode()
    posted = data(f"product-category:{category.pk}", label_en="Our crushers")
    assert editor.post(f"{ADD}?place=main", posted).url.startswith(f"{URL}?place=main")
    assert main_menu(client) == ["Home", "News", "Products", "Contacts", "Our crushers"]
    products = MenuItem.objects.get(kind="products")
    editor.post(f"{ADD}?place=main&parent={products.pk}", data("search"))
    assert tree() == "home news products(search) contacts Our crushers"
    assert StaffAction.objects.filter(kind=StaffAction.Kind.ADDED).count() == 2


def test_an_item_is_changed_and_deleted_with_its_submenu(editor):
    items = make_tree()
    url = f"{URL}{items['b'].pk}/change/"
    assert 'value="products" selected' in editor.get(url).content.decode()
    editor.post(url, data("url", url="shop.example.com/a", label_en="Shop", open_in_new_tab="on"))
    item = MenuItem.objects.get(pk=items["b"].pk)
    assert (item.kind, item.url) == ("url", "https://shop.example.com/a")
    assert item.open_in_new_tab
    editor.post(url, data("home", url="javascript:1", label_en="b", open_in_new_tab="on"))
    item.refresh_from_db()
    assert (item.kind, item.url, item.open_in_new_tab) == ("home", "", False)
    assert editor.post(f"{URL}{items['a'].pk}/delete/", {"post": "yes"}).url.endswith("place=main")
    assert tree() == "b c"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        (data("url", label_en="Shop"), "Enter the URL."),
        (data("url", url="javascript:alert(1)", label_en="Shop"), "Enter a URL such as"),
        (data("url", url="/shop/"), "Enter a label in at least one language."),
        (data("heading"), "Enter a label in at least one language."),
        (data(""), "This field is required."),
        (data("product-category:999"), "Select a valid choice."),
        (data("nonsense"), "Select a valid choice."),
        (data("home", label_en="x" * 61), "at most 60 characters"),
    ],
)
def test_wrong_input_is_refused_beside_its_field(editor, fields, error):
    page = BeautifulSoup(editor.post(f"{ADD}?place=main", fields).content, "html.parser")
    assert error in page.select_one(".errorlist:not(.nonfield)").get_text()
    assert not MenuItem.objects.exists()


@pytest.mark.parametrize(
    ("move", "result"),
    [
        ("b:up", "b a(a1,a2) c"),
        ("a:up", "a(a1,a2) b c"),
        ("a:down", "b a(a1,a2) c"),
        ("c:down", "a(a1,a2) b c"),
        ("a2:up", "a(a2,a1) b c"),
        ("a1:down", "a(a2,a1) b c"),
        ("b:in", "a(a1,a2,b) c"),
        ("a1:out", "a(a2) a1 b c"),
        ("b:out", "a(a1,a2) b c"),
        ("c:before:a", "c a(a1,a2) b"),
        ("a:after:b", "b a(a1,a2) c"),
        ("c:below:b", "a(a1,a2) b(c)"),
        ("c:after:a1", "a(a1,c,a2) b"),
        ("a1:before:c", "a(a2) b a1 c"),
        ("b:before:b", "a(a1,a2) b c"),
    ],
)
def test_items_are_moved(editor, move, result):
    items = make_tree()
    key, how, *other = move.split(":")
    keys = [str(items[name].pk) for name in (key, *other)]
    value = ":".join([keys[0], how, *keys[1:]])
    assert editor.post(f"{URL}move/", {"move": value}).status_code == 302
    assert tree() == result


@pytest.mark.parametrize("move", ["a:in", "a:below:b", "a:after:b1", "c:below:b1", "b:below:b"])
def test_there_are_two_levels(editor, move):
    b = make_item("products", label_en="b")
    items = {"b": b, "b1": make_item("home", parent=b, label_en="b1")}
    items["a"] = make_item("news", label_en="a")
    make_item("home", parent=items["a"], label_en="a1")
    items["c"] = make_item("home", label_en="c")
    key, how, *other = move.split(":")
    value = ":".join([str(items[key].pk), how, *(str(items[name].pk) for name in other)])
    page = editor.post(f"{URL}move/", {"move": value}, follow=True).content.decode()
    assert tree() == "b(b1) a(a1) c"
    assert ("no further level" in page) == (move != "b:below:b")


def test_the_legal_line_has_one_level(editor):
    first, second = (make_item(kind, "legal") for kind in ("home", "news"))
    assert editor.get(f"{ADD}?place=legal&parent={first.pk}").status_code == 404
    editor.post(f"{URL}move/", {"move": f"{second.pk}:below:{first.pk}"})
    assert tree("legal") == "home news"


@pytest.mark.parametrize("move", ["", "x", "1", "999:up", "{}:sideways", "{}:before:999", "²:up"])
def test_a_wrong_move_is_not_found(editor, move):
    item = make_item("home")
    assert editor.post(f"{URL}move/", {"move": move.format(item.pk)}).status_code == 404


def test_an_item_is_not_moved_into_another_menu(editor):
    item, other = make_item("home"), make_item("news", "footer")
    editor.post(f"{URL}move/", {"move": f"{item.pk}:after:{other.pk}"})
    assert (tree(), tree("footer")) == ("home", "news")


def test_the_default_menu_is_customized_and_comes_back(editor, client):
    assert "This is the default menu." in editor.get(URL).content.decode()
    editor.post(f"{URL}start/", {"place": "main"})
    editor.post(f"{URL}start/", {"place": "main"})
    assert tree() == "home news products contacts"
    MenuItem.objects.filter(kind="news").delete()
    assert main_menu(client) == ["Home", "Products", "Contacts"]
    editor.post(f"{URL}reset/", {"place": "main"})
    assert not MenuItem.objects.exists()
    assert main_menu(client) == ["Home", "News", "Products", "Contacts"]


def test_the_tree_says_where_an_item_is_not_shown_and_why(editor):
    make_category_item(make_category(name_zh_hans="破碎设备"))
    make_item("url", url="/a/", label_en="A", label_ar="ا")
    gone = make_item("product-category", object_id=999)
    page = html(editor, URL)
    assert texts(page.select(".menu-problem")) == [
        "Not shown in العربيّة: the target is not translated.",
        "Not shown in 简体中文: it has no label.",
        "Not shown: the target is deleted or not published.",
    ]
    form = html(editor, f"{URL}{gone.pk}/change/")
    assert not form.select("select[name=target] option[selected][value]:not([value=''])")


def test_the_button_that_moved_an_item_has_the_focus(editor):
    items = make_tree()
    page = editor.post(f"{URL}move/", {"move": f"{items['c'].pk}:up"}, follow=True)
    [focused] = BeautifulSoup(page.content, "html.parser").select("[autofocus]")
    assert focused["aria-label"] == "Move up: c"
    page = editor.post(f"{URL}move/", {"move": f"{items['c'].pk}:up"}, follow=True)
    [focused] = BeautifulSoup(page.content, "html.parser").select("[autofocus]")
    assert focused["aria-label"] == "Move down: c", "it is the first one, which cannot go up"


@pytest.mark.parametrize("role", ["Editors", "Managers"])
def test_editors_and_managers_change_menus(as_user, role):
    user = as_user(make_user(role))
    assert user.get(URL).status_code == 200
    assert user.post(f"{URL}start/", {"place": "main"}).status_code == 302


@pytest.mark.parametrize("role", ["Writers", "Sales"])
def test_others_do_not(as_user, role):
    user, item = as_user(make_user(role)), make_item("home")
    move = {"move": f"{item.pk}:up"}
    for path in (URL, ADD, f"{URL}{item.pk}/change/"):
        assert user.get(path).status_code == 403
    for path, posted in (
        (f"{URL}move/", move),
        (f"{URL}start/", {"place": "footer"}),
        (f"{URL}reset/", {"place": "main"}),
        (f"{ADD}?place=main", data("home")),
        (f"{URL}{item.pk}/delete/", {"post": "yes"}),
    ):
        assert user.post(path, posted).status_code == 403
    assert MenuItem.objects.count() == 1


@pytest.mark.parametrize("path", [f"{URL}?place=x", f"{ADD}?place=x", f"{ADD}?place=main&parent=9"])
def test_a_wrong_menu_is_not_found(editor, path):
    assert editor.get(path).status_code == 404


@pytest.mark.parametrize("path", ["move/", "start/", "reset/"])
def test_a_link_changes_nothing(editor, path):
    assert editor.get(f"{URL}{path}").status_code == 405


def test_the_tree_takes_as_many_queries_for_many_items(editor):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(URL).status_code == 200
        return len(queries)

    make_category_item(make_category())
    few = count()
    for number in range(5):
        top = make_category_item(make_category(name_en=f"C {number}", slug=f"c{number}"))
        make_category_item(make_category(name_en=f"D {number}", slug=f"d{number}"), parent=top)
    assert count() == few


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_known_menu_takes_no_query(visitor):
    make_company()
    products = make_item("products")
    make_category_item(make_category(), parent=products)

    def count(path):
        visitor.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert "Crushers" in visitor.get(path).content.decode()
        return [query["sql"] for query in queries if "menus_menuitem" in str(query["sql"])]

    for path in ("/contacts/", "/news/", "/"):
        assert count(path) == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_pages_in_the_cache_show_a_changed_menu_at_once(visitor, settings):
    settings.PAGE_CACHE = True
    item = make_category_item(make_category())
    assert main_menu(visitor, "/news/") == ["Crushers"]
    category = Category.objects.get()
    category.name_en = "Mills"
    category.save()
    assert main_menu(visitor, "/news/") == ["Mills"]
    item.label_en = "Grinding"
    item.save()
    assert main_menu(visitor, "/news/") == ["Grinding"]
    MenuItem.objects.filter(pk=item.pk).update(label_en="Milling")
    assert main_menu(visitor, "/news/") == ["Milling"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_page_that_moves_with_the_one_above_it_is_linked_at_its_new_url(visitor):
    parent = make_page("company")
    make_item("page", object_id=make_page("history", parent=parent).pk)
    assert html(visitor).select_one('.main-navigation a[href="/company/history/"]')
    parent.slug = "about"
    parent.save()
    assert html(visitor).select_one('.main-navigation a[href="/about/history/"]')


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_customize_a_menu_at_the_same_time_make_one(transactional_db):
    barrier, errors = Barrier(2), []

    def customize():
        try:
            barrier.wait()
            customize_menu(Place.MAIN)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=customize) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert MenuItem.objects.count() == 4


def test_the_first_item_follows_the_default_ones():
    add_item(MenuItem(place=Place.LEGAL, kind="url", url="/privacy/", label_en="Privacy"))
    assert tree("legal") == "site-index Privacy"
