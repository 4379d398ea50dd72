"""Contrast as WCAG 2.2 defines it, and colours that can be read."""

import pytest

from core.colors import MIN_CONTRAST, WHITE, contrast, mix, parse_color, readable_on


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    # The first three are from the examples of the W3C's techniques G18 and G17.
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54)],
)
def test_the_contrast_is_that_of_the_standard(first, second, ratio):
    assert contrast(first, second) == pytest.approx(ratio, abs=0.01)
    assert contrast(second, first) == contrast(first, second)


@pytest.mark.parametrize("color", ["#ff9900", "#ffff00", "#e0e0e0", "#ffffff", "#00ff00"])
def test_a_light_color_is_darkened_until_it_can_be_read_on_white(color):
    readable = readable_on(WHITE, color)
    assert MIN_CONTRAST <= contrast(readable, WHITE) < MIN_CONTRAST + 0.6, "not darker than needed"


def test_a_dark_color_is_lightened_until_it_can_be_read_on_a_dark_page():
    assert contrast("#0f2d43", "#111417") < MIN_CONTRAST
    assert contrast(readable_on("#111417", "#0f2d43"), "#111417") >= MIN_CONTRAST


def test_a_color_that_can_be_read_stays():
    assert readable_on(WHITE, "#0f5e75") == "#0f5e75"


@pytest.mark.parametrize(
    ("typed", "color"), [("#0F5E75", "#0f5e75"), (" 0f5e75 ", "#0f5e75"), ("#abc", "#aabbcc")]
)
def test_colors_are_accepted_as_people_type_them(typed, color):
    assert parse_color(typed) == color


@pytest.mark.parametrize("typed", ["", "red", "#12", "#12345", "#0f5e7g", "#0f5e75; }", "#٠٠٠"])
def test_anything_else_is_no_color(typed):
    with pytest.raises(ValueError, match=r".*"):
        parse_color(typed)


def test_colors_are_mixed_by_share():
    assert mix("#000000", "#ffffff", 0) == "#000000"
    assert mix("#000000", "#ffffff", 1) == "#ffffff"
    assert mix("#ff0000", "#0000ff", 0.5) == "#800080"
