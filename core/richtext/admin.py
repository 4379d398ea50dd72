"""Change forms with a rich text editor, and the picture library."""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from core.admin.translated import TranslatedAdmin
from core.richtext.fields import RichTextField
from core.richtext.models import Picture
from core.richtext.services import save_alt_texts
from core.templatetags.pictures import picture as picture_tag

# CKEditor needs `onclick` and `style` attributes, and adds style sheets to the page. No hash can
# name them: the attributes have numbers that change, and one of the style sheets has the URL of the
# site. Inline scripts, `eval` and other hosts stay forbidden; its picture dialog works without the
# inline script that it tries.
EDITOR_POLICY = {
    "script-src-attr": [UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
}


class RichTextAdmin(admin.ModelAdmin):
    """A ModelAdmin whose change form has a rich text editor.

    Its change form alone has the security policy that CKEditor needs. Saving copies the alternative
    texts of pictures to the picture library. For a model with translated fields use
    `TranslatedRichTextAdmin`.
    """

    @method_decorator(csp_replace(EDITOR_POLICY))
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self.save_alt_texts(obj)

    def save_alt_texts(self, obj: Any) -> None:
        """Copy the alternative texts of the pictures in `obj` to the picture library."""
        for field in obj._meta.concrete_fields:
            language = getattr(field, "language", None)  # of a column made by modeltranslation
            if language and isinstance(field, RichTextField):
                html = getattr(obj, field.attname) or ""
                save_alt_texts(html, language)


class TranslatedRichTextAdmin(RichTextAdmin, TranslatedAdmin):
    """A `RichTextAdmin` with one tab per language.

    It already combines both, so that an app's ModelAdmin needs at most one mixin beside it:
    `class ProductAdmin(SpreadsheetMixin, TranslatedRichTextAdmin)`.
    """


@admin.register(Picture)
class PictureAdmin(TranslatedAdmin):
    """Pictures are uploaded in the editor; here they are searched, renamed and deleted."""

    list_display = ["thumbnail", "name", "alt", "size", "uploaded_by", "uploaded_at"]
    list_display_links = ["thumbnail", "name"]
    list_select_related = ["uploaded_by"]
    list_per_page = 50
    search_fields = ["name", "alt"]
    date_hierarchy = "uploaded_at"
    fields = ["name", "alt", "preview", "size", "uploaded_by", "uploaded_at"]
    readonly_fields = ["preview", "size", "uploaded_by", "uploaded_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("image"))
    def thumbnail(self, picture: Picture) -> str:
        return _at_height(picture, 80)

    @admin.display(description=_("image"))
    def preview(self, picture: Picture) -> str:
        return _at_height(picture, min(picture.height, 320))

    @admin.display(description=_("dimensions"), ordering="width")
    def size(self, picture: Picture) -> str:
        return f"{picture.width} \N{MULTIPLICATION SIGN} {picture.height}"


def _at_height(picture: Picture, height: int) -> str:
    """The `<img>` of `picture`, `height` pixels high."""
    width = round(height * picture.width / picture.height) or 1
    return picture_tag(
        picture.file, alt=picture.name, sizes=f"{width}px", width=width, height=height
    )
