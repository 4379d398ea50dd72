"""The editor in a form."""

from ckeditor.widgets import CKEditorWidget
from django.forms.widgets import Media


class RichTextWidget(CKEditorWidget):
    """CKEditor with our uploads, and with the typography of the public pages."""

    @property
    def media(self) -> Media:
        # Named once more, since it is from the order within one list that Media keeps the order.
        ours = ["ckeditor/ckeditor/ckeditor.js", "admin/richtext.js"]
        return super().media + Media(css={"all": ["css/richtext.css"]}, js=ours)
