import re
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.pages.block_fields import VIDEO, FileField, PictureField
from core.pages.block_forms import Block, line

# The player of each site, which is only loaded when a visitor clicks.
PLAYERS = [
    (
        re.compile(
            r"https://(?:www\.|m\.)?(?:youtube\.com/(?:watch\?(?:[^#\s]*&)?v=|shorts/|embed/)"
            r"|youtu\.be/)([\w-]{6,20})(?:[?&#/]\S*)?"
        ),
        "https://www.youtube-nocookie.com",
        "/embed/{}?autoplay=1",
    ),
    (
        re.compile(r"https://(?:www\.|player\.)?vimeo\.com/(?:video/)?(\d{4,12})(?:[?#/]\S*)?"),
        "https://player.vimeo.com",
        "/video/{}?autoplay=1&dnt=1",
    ),
]


def find_player(url: str) -> tuple[str, str]:
    """The host of the player of a video on another site, and the URL there; else empty texts."""
    for pattern, host, path in PLAYERS:
        if found := pattern.fullmatch(url):
            return host, host + path.format(found[1])
    return "", ""


class VideoBlock(Block):
    label = _("Video")
    order = 40
    translated: ClassVar = ["heading", "caption"]
    scripts: ClassVar = ["js/video.js"]

    heading = line(_("Heading"))
    file = FileField(
        kind=VIDEO, label=_("Own video"), required=False, help_text=_("MP4 or WebM, up to 100 MB.")
    )
    url = forms.URLField(
        label=_("Or a link to YouTube or Vimeo"),
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text=_("Nothing is loaded from there before a visitor clicks."),
    )
    picture = PictureField(label=_("Picture before it plays"), required=False)
    caption = line(_("Caption"))

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url and not find_player(url)[0]:
            raise ValidationError(gettext("Enter the link of a video on YouTube or Vimeo."))
        return url

    @classmethod
    def prepare(cls, blocks: list[dict[str, Any]], request: HttpRequest) -> None:
        for block in blocks:
            if block["file"]:
                block["file_url"] = default_storage.url(block["file"])
                block["policy"] = {"media-src": ["'self'", *settings.MEDIA_HOSTS]}
            elif block["url"]:
                host, block["player"] = find_player(block["url"])
                if host:
                    block["policy"] = {"frame-src": [host]}
