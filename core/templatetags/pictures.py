"""`{% picture article.cover alt=article.cover_alt %}`: a picture in several widths."""

from django import template
from django.db.models.fields.files import ImageFieldFile
from django.utils.safestring import mark_safe

from core.html import write_attributes
from core.images.renditions import rendition_name, rendition_widths, stored_size

register = template.Library()


@register.simple_tag
def picture(
    file: ImageFieldFile | None,
    alt: str | None = "",
    sizes: str = "100vw",
    eager: bool = False,
    **attributes: str | int,
) -> str:
    """The `<img>` of `file`, or nothing without one.

    `sizes` is the width of the picture on the page, as in HTML. `eager=True` is for the first
    picture of a page. Other attributes, such as `class="logo"`, are written as they are. No file
    is opened: the size comes from the row.
    """
    if not file:
        return ""
    width, height = stored_size(file)
    url = file.url
    img: dict[str, str | int | None] = {"src": url, "alt": alt or ""}
    if width and (copies := rendition_widths(width)):
        urls = [f"{rendition_name(url, copy)} {copy}w" for copy in copies]
        img |= {"srcset": ", ".join([*urls, f"{url} {width}w"]), "sizes": sizes}
    img |= {"width": width, "height": height, "decoding": "async"}
    img |= {"fetchpriority": "high"} if eager else {"loading": "lazy"}
    return mark_safe(f"<img{write_attributes({**img, **attributes})}>")  # noqa: S308 -- escaped
