"""The look of the public pages: colours, corners and font, as a style sheet."""

import hashlib
from typing import NamedTuple, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.colors import BLACK, WHITE, mix, parse_color, readable_on

NIGHT = "#111417"  # the background of pages in dark mode, before it takes on the colour


class Corners(models.TextChoices):
    """How round the corners of cards, fields and buttons are."""

    SQUARE = "square", _("Square")
    SLIGHT = "slight", _("Slightly rounded")
    ROUND = "round", _("Rounded")


class Font(models.TextChoices):
    """Families of fonts, of which every system has one."""

    SYSTEM = "system", _("Of the system")
    HUMANIST = "humanist", _("Humanist, warm")
    GEOMETRIC = "geometric", _("Geometric, modern")
    INDUSTRIAL = "industrial", _("Industrial, narrow")
    SERIF = "serif", _("With serifs, classic")


RADII = {Corners.SQUARE: "0px", Corners.SLIGHT: "0.35rem"}
FAMILIES = {
    Font.HUMANIST: 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "Noto Sans"',
    Font.GEOMETRIC: 'Avenir, Montserrat, Corbel, "URW Gothic", "Century Gothic", "Noto Sans"',
    Font.INDUSTRIAL: 'Bahnschrift, "DIN Alternate", "Roboto Condensed", "Noto Sans"',
    Font.SERIF: 'Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, "Noto Serif"',
}


class Look(NamedTuple):
    """What a company chooses; `color` is `#rrggbb`, or empty for the site's own colours."""

    color: str = ""
    corners: Corners = Corners.ROUND
    font: Font = Font.SYSTEM

    @property
    def is_changed(self) -> bool:
        """Whether it differs from that of static/css/site.css."""
        return self != Look()

    @property
    def style_sheet(self) -> str:
        """The custom properties of static/css/site.css that differ, for light and dark mode."""
        properties = self._colors() if self.color else {}
        if self.corners in RADII:
            properties["round"] = RADII[self.corners]
        if self.font in FAMILIES:
            properties["font"] = FAMILIES[self.font]
        lines = "".join(f"  --{name}: {value};\n" for name, value in properties.items())
        return f":root {{\n{lines}}}\n"

    @property
    def url(self) -> str:
        """The URL of the style sheet, another one for each content."""
        return reverse(
            "look", args=[self.color[1:] or "none", self.corners, self.font, self.version]
        )

    @property
    def version(self) -> str:
        """A short hash of the style sheet."""
        return hashlib.sha256(self.style_sheet.encode()).hexdigest()[:8]

    @classmethod
    def parse(cls, color: str, corners: str, font: str) -> Self:
        """The look that is named in a URL; raises ValueError."""
        return cls("" if color == "none" else parse_color(color), Corners(corners), Font(font))

    @property
    def browser_color(self) -> str:
        """The colour of the browser's own bars on a phone."""
        return _deep(self.color) if self.color else "#0f2d43"

    def _colors(self) -> dict[str, str]:
        color, deep, night = self.color, _deep(self.color), mix(NIGHT, self.color, 0.05)
        bright = readable_on(mix(night, color, 0.12), mix(color, WHITE, 0.2))
        strong = mix(color, BLACK, 0.28)
        return {
            "page-color": _pair(WHITE, night),
            "surface": _pair(WHITE, mix(night, color, 0.08)),
            "mist": _pair(mix(color, WHITE, 0.95), mix(night, color, 0.06)),
            "sky": _pair(mix(color, WHITE, 0.85), mix(night, color, 0.25)),
            "line": _pair(mix(color, WHITE, 0.8), mix(mix(night, color, 0.15), WHITE, 0.14)),
            "soft-line": _pair(mix(color, WHITE, 0.65), mix(mix(night, color, 0.2), WHITE, 0.25)),
            "heading": _pair(deep, "#f4f6f8"),
            "ink": _pair(mix(deep, "#333333", 0.5), "#d8dfe3"),
            "hero-top": _pair(mix(color, WHITE, 0.8), mix(night, color, 0.22)),
            "hero-end": _pair(mix(color, WHITE, 0.91), mix(night, color, 0.08)),
            "hills": _pair(mix(color, WHITE, 0.35), mix(night, color, 0.5)),
            "brand": _pair(color, bright),
            "brand-strong": _pair(strong, mix(bright, WHITE, 0.35)),
            "brand-fill": color,
            "brand-fill-strong": strong,
            "accent": color,
            "accent-strong": strong,
            "on-accent": WHITE,
            "deep": _pair(deep, mix(deep, BLACK, 0.55)),
            "on-deep": mix(color, WHITE, 0.82),
        }


def _deep(color: str) -> str:
    """The colour of the dark bars, on which text is white."""
    return mix(color, "#0b1116", 0.68)


def _pair(light: str, dark: str) -> str:
    return f"light-dark({light}, {dark})"
