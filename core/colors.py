"""Colours as `#rrggbb`, and whether text in them can be read (WCAG 2.2, 1.4.3)."""

import colorsys
import re

WHITE, BLACK = "#ffffff", "#000000"
MIN_CONTRAST = 4.5  # of text, level AA
STEPS = 100  # of lightness, from black to white


def parse_color(text: str) -> str:
    """A colour typed as `#rgb` or `#rrggbb`, with or without `#`; raises ValueError."""
    digits = text.strip().lower().removeprefix("#")
    if re.fullmatch("[0-9a-f]{3}", digits):
        digits = "".join(2 * digit for digit in digits)
    if not re.fullmatch("[0-9a-f]{6}", digits):
        raise ValueError(text)
    return f"#{digits}"


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(background: str, color: str) -> str:
    """The colour itself if text in it can be read on `background`, or else the nearest that can.

    Hue and saturation stay, the lightness changes as little as possible.
    """
    if contrast(color, background) >= MIN_CONTRAST:
        return color
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(color))
    candidates = (
        (abs(step / STEPS - lightness), _from_hls(hue, step / STEPS, saturation))
        for step in range(STEPS + 1)
    )
    return min(each for each in candidates if contrast(each[1], background) >= MIN_CONTRAST)[1]


def mix(color: str, other: str, share: float) -> str:
    """`color` with a `share` of `other`, from 0 to 1, in sRGB."""
    pairs = zip(_channels(color), _channels(other), strict=True)
    return _from_channels(tuple(one + (two - one) * share for one, two in pairs))


def _luminance(color: str) -> float:
    linear = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in _channels(color)
    )
    return sum(
        weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )


def _channels(color: str) -> tuple[float, ...]:
    return tuple(int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))


def _from_channels(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)


def _from_hls(hue: float, lightness: float, saturation: float) -> str:
    return _from_channels(colorsys.hls_to_rgb(hue, lightness, saturation))
