""" "Did you mean", synonyms, and suggestions while a visitor types."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from core.search import views
from core.search.models import Synonyms
from core.search.spelling import corrected, count_edits
from tests.factories import make_article, make_product, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("first", "second", "edits"),
    [
        ("crusher", "crusher", 0),
        ("crushr", "crusher", 1),
        ("crushre", "crusher", 1),
        ("krusher", "crusher", 1),
        ("cruhser", "crusher", 1),
        ("conveiyer", "conveyor", 2),
        ("jaw", "crusher", 10),
    ],
)
def test_edits_are_counted(first, second, edits):
    assert count_edits(first, second) == count_edits(second, first) == edits


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("crushr", "crusher"),
        ("jaw crushr", "jaw crusher"),
        ("krusher", "crusher"),
        ("cursher 900", "crusher 900"),
        ("conveyer belt", "conveyor belt"),
        ("дробилкка", "дробилка"),
        ("crusher", ""),
        ("crush", ""),
        ("xylophone", ""),
        ("KNCC900", ""),
        ("破碎机", ""),
        ("", ""),
    ],
)
def test_a_mistyped_word_is_replaced_by_the_nearest_one_of_the_index(typed, meant):
    make_product(name="Jaw crusher", sku="KNCC-900", summary="With a conveyor belt, дробилка")
    assert corrected(typed) == meant


def test_the_results_of_the_corrected_query_are_shown_with_a_link(visitor):
    make_product(name="Jaw crusher")
    page = visitor.get("/search/?q=jaw+crushr").content.decode()
    assert '<a href="?q=jaw%20crusher"><bdi>jaw crusher</bdi></a>' in page
    assert "<mark>Jaw</mark> <mark>crusher</mark>" in page
    assert 'value="jaw crushr"' in page, "the form has what was typed"
    assert "<bdi>jaw crushr</bdi>" in page


def test_a_correction_that_finds_nothing_is_not_shown(visitor):
    make_product(name="Crusher", status="draft")
    page = visitor.get("/search/?q=crushr").content.decode()
    assert "No results found" in page
    assert "q=crusher" not in page


def test_what_is_typed_is_escaped_where_it_is_repeated(visitor):
    make_product(name="Crusher")
    page = visitor.get("/search/", {"q": "crushr <i>"}).content.decode()
    assert "crushr <i>" not in page


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("breaker", "Jaw crusher"),
        ("breakers", "Jaw crusher"),
        ("jaw breaker", "Jaw crusher"),
        ("stone mill", "Jaw crusher"),
        ("rock grinder", "Jaw crusher"),
        ("粉碎机", "Jaw crusher"),
        ("crusher", "Jaw crusher"),
        ("screen", ""),
        ("stone", ""),
    ],
)
def test_a_search_finds_the_synonyms_that_the_company_lists(visitor, query, name):
    make_product(name="Jaw crusher")
    Synonyms.objects.create(words="crusher, breaker, Stone mill, rock grinder, 粉碎机")
    page = visitor.get("/search/", {"q": query}).content.decode()
    assert ('<article class="result"' in page) == bool(name)


def test_changed_synonyms_apply_at_once(visitor):
    make_product(name="Crusher")
    line = Synonyms.objects.create(words="crusher, breaker")
    assert "1 result" in visitor.get("/search/?q=breaker").content.decode()
    line.delete()
    assert "1 result" not in visitor.get("/search/?q=breaker").content.decode()


@pytest.mark.parametrize("words", ["", "crusher", " , ,", "crusher,", "!, ?", "crusher, crusher"])
def test_a_line_of_synonyms_has_at_least_two_words(words):
    with pytest.raises(ValidationError):
        Synonyms(words=words).full_clean()


def test_unusual_synonyms_cause_no_error(visitor):
    make_product(name="Crusher")
    Synonyms.objects.create(words='crusher, -x, "a" b, *, (c) & d:*, 600 * 900, ' + "y" * 200)
    for query in ("crusher -z", "x", "600x900", '"a b"'):
        assert "1 result" in visitor.get("/search/", {"q": query}).content.decode(), query


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("Editors", True), ("Managers", True), ("Writers", False), ("Sales", False)],
)
def test_editors_and_managers_edit_synonyms(as_user, role, allowed):
    response = as_user(make_user(role)).post(
        reverse("admin:search_synonyms_add"), {"words": "crusher, breaker"}
    )
    assert response.status_code == (302 if allowed else 403)
    assert Synonyms.objects.exists() == allowed


def suggested(visitor, query: str, prefix: str = "") -> list[tuple[str, str]]:
    response = visitor.get(f"{prefix}/search/suggestions/", {"q": query})
    assert response.status_code == 200
    return [(each["title"], each["url"]) for each in response.json()["suggestions"]]


def test_the_best_results_are_suggested_while_a_visitor_types(visitor):
    product = make_product(name_en="Jaw crusher", name_ar="كسارة", sku="KN-CC900")
    url = product.get_absolute_url()
    make_article(title="On crushers")
    make_product(name="Crusher draft", status="draft")
    assert [title for title, _url in suggested(visitor, "crush")] == ["Jaw crusher", "On crushers"]
    for query in ("kn-cc", "jaw cr", "KN"):
        assert suggested(visitor, query) == [("Jaw crusher", url)], query
    assert suggested(visitor, "kn cc9") == [("Jaw crusher", url)]
    assert suggested(visitor, "كسارة", "/ar") == [("كسارة", f"/ar{url}")]
    for nothing in ("", "c", "xyz", "-crusher", "\0"):
        assert suggested(visitor, nothing) == []


def test_suggestions_are_limited_in_number_and_rate(visitor, monkeypatch):
    for number in range(20):
        make_product(name=f"Crusher {number}")
    assert len(suggested(visitor, "crusher")) == views.MAX_SUGGESTIONS
    monkeypatch.setattr(views, "SUGGESTION_RATE", (2, 60))
    monkeypatch.setattr(views, "is_over_limit", lambda action, sender, rate: rate == (2, 60))
    assert suggested(visitor, "crusher") == []


def test_suggestions_take_the_same_queries_for_any_number_of_products(
    visitor, django_assert_max_num_queries
):
    for number in range(20):
        make_product(name=f"Crusher {number}")
    visitor.get("/search/suggestions/?q=crusher")
    with django_assert_max_num_queries(14):
        visitor.get("/search/suggestions/?q=crush")


def test_suggestions_are_only_read(visitor):
    assert visitor.post("/search/suggestions/", {"q": "crusher"}).status_code == 405
