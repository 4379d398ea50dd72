"""Restoring the files of a form that was shown again, and storing them when it is shown again.

A form shown again lists its stored files with checked boxes, whose values are signed tokens. A view
calls `restore_uploads` before it makes its forms, and `store_uploads` before it shows them again.
"""

import copy
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.uploads.models import StoredUpload, name_in_token
from core.uploads.services import store_upload

SUFFIX = "-stored"  # of the name of a file field, for the names of its tokens
MAX_TOKENS = 50  # in one form


class RestoredFile(UploadedFile):
    """A stored upload in place of the file that a browser sends."""

    def __init__(self, stored: StoredUpload) -> None:
        super().__init__(stored.file.open(), stored.name, stored.content_type, stored.size)
        self.stored = stored


class StoredFilesInput(forms.Widget):
    """A file input, and the stored files of its field with boxes to remove them."""

    needs_multipart_form = True
    template_name = "uploads/_stored_files.html"

    def __init__(self, widget: forms.Widget, uploads: list[StoredUpload]) -> None:
        super().__init__(widget.attrs)
        self.widget, self.uploads = widget, uploads
        self.is_required = widget.is_required

    def __deepcopy__(self, memo: dict[int, Any]) -> "StoredFilesInput":
        return StoredFilesInput(copy.deepcopy(self.widget, memo), self.uploads)

    @property
    def media(self) -> forms.Media:
        return self.widget.media

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        context = {
            "input": self.widget.render(name, value, attrs, renderer),
            "name": name + SUFFIX,
            "uploads": self.uploads,
        }
        return SafeString(render_to_string(self.template_name, context))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return self.widget.value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return self.widget.value_omitted_from_data(data, files, name)

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def id_for_label(self, id_: str) -> str:
        return self.widget.id_for_label(id_)


def staff_scope(user: User, path: str) -> str:
    """The scope of the files that a member of staff has uploaded with the form at `path`."""
    return f"admin:{user.pk}:{path}"[:200]


def restore_uploads(request: HttpRequest, scope: str) -> list[str]:
    """Add the stored files whose tokens were posted to `request.FILES`, before the new ones.

    A field for a single file takes the new one. Returns the names of files that have expired.
    """
    expired = []
    for key in [key for key in request.POST if key.endswith(SUFFIX)]:
        name = key.removesuffix(SUFFIX)
        restored: list[UploadedFile] = []
        for token in request.POST.getlist(key)[:MAX_TOKENS]:
            try:
                upload = StoredUpload.objects.get_by_token(token, scope)
                restored.append(RestoredFile(upload))
            except (signing.BadSignature, StoredUpload.DoesNotExist, OSError):
                expired.append(name_in_token(token))
        if restored:
            request.FILES.setlist(name, [*restored, *request.FILES.getlist(name)])
    return [name for name in expired if name]


def store_uploads(bound_forms: Iterable[forms.BaseForm], scope: str) -> None:
    """Store the accepted files of forms that are shown again, and list them in their fields.

    Of a field with an error, that is those files which a field for several takes one by one.
    """
    for form in bound_forms:
        for name, field in form.fields.items():
            is_listed = isinstance(field.widget, StoredFilesInput)
            if is_listed or not isinstance(field, forms.FileField):
                continue
            uploads = form.files.getlist(form.add_prefix(name)) if form.files else []
            takes_several = getattr(field.widget, "allow_multiple_selected", False)
            if not takes_several:
                uploads = uploads[-1:]
            if name in form.errors:
                uploads = [one for one in uploads if takes_several and _is_accepted(field, one)]
            stored = [_stored(upload, scope) for upload in uploads]
            if any(stored):
                field.widget = StoredFilesInput(field.widget, [one for one in stored if one])


def _is_accepted(field: forms.Field, upload: UploadedFile) -> bool:
    """Whether a field for several files takes this one alone."""
    try:
        field.clean([upload])
    except forms.ValidationError:
        return False
    return True


def _stored(upload: UploadedFile, scope: str) -> StoredUpload | None:
    return upload.stored if isinstance(upload, RestoredFile) else store_upload(upload, scope)
