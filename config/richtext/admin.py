"""The library of pictures, and what a form with an editor needs of the browser."""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from config.richtext.models import Picture
from config.templatetags.pictures import picture as picture_tag

# CKEditor writes its buttons with `onclick` and its looks with `style`. A `<script>` of its own, or
# from another host, stays forbidden. Its dialog for pictures tries one, to wait for a form that is
# not used here, and works without it.
EDITOR_POLICY = {
    "script-src-attr": [UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
}


class RichTextAdminMixin:
    """For the ModelAdmin of a model with a RichTextField: the editor may run in its forms alone."""

    @method_decorator(csp_replace(EDITOR_POLICY))
    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(*args, **kwargs)  # type: ignore[misc]


@admin.register(Picture)
class PictureAdmin(admin.ModelAdmin):
    """Pictures come from the editor; here they are found, renamed and taken off the list."""

    list_display = ["thumbnail", "name", "size", "uploaded_by", "uploaded_at"]
    list_display_links = ["thumbnail", "name"]
    list_select_related = ["uploaded_by"]
    list_per_page = 50
    search_fields = ["name"]
    date_hierarchy = "uploaded_at"
    fields = ["name", "preview", "size", "uploaded_by", "uploaded_at"]
    readonly_fields = ["preview", "size", "uploaded_by", "uploaded_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("picture"))
    def thumbnail(self, picture: Picture) -> str:
        return _at_height(picture, 80)

    @admin.display(description=_("picture"))
    def preview(self, picture: Picture) -> str:
        return _at_height(picture, min(picture.height, 320))

    @admin.display(description=_("size"), ordering="width")
    def size(self, picture: Picture) -> str:
        return f"{picture.width} \N{MULTIPLICATION SIGN} {picture.height}"


def _at_height(picture: Picture, height: int) -> str:
    """The `<img>` of `picture`, `height` pixels high."""
    width = round(height * picture.width / picture.height) or 1
    return picture_tag(
        picture.file, alt=picture.name, sizes=f"{width}px", width=width, height=height
    )
