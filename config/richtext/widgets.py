"""The editor in a form."""

from ckeditor.widgets import CKEditorWidget
from django.forms.widgets import Media


class RichTextWidget(CKEditorWidget):
    """CKEditor with our uploads, and with the typography of the public pages."""

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": ["css/richtext.css"]}, js=["admin/richtext.js"])
