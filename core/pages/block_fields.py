"""Form fields for blocks: a picture of the library, and a file.

Both store what was uploaded at once (`store_uploads`), so that it is kept while the form is shown
again, and have a hidden value that names it.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import BigIntegerField
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.images.uploads import ACCEPTED_TYPES
from core.richtext.models import Picture
from core.richtext.services import add_picture
from core.validators import validate_pdf

FOLDER = "pages"
PICTURE, PDF, VIDEO = "picture", "pdf", "video"
UPLOAD = "-upload-"  # between the name of a field and the kind of its upload
ERROR = "-error"
CLEAR = "-clear"
MAX_VIDEO_MEGABYTES = 100
VIDEO_STARTS = {"mp4": (4, b"ftyp"), "webm": (0, b"\x1a\x45\xdf\xa3")}
MAX_NAME_LENGTH = 200


class UploadWidget(forms.Widget):
    """A hidden value, what it stands for, and an input for a new file."""

    template_name = "admin/pages/upload.html"

    def __init__(
        self, attrs: dict[str, Any] | None = None, kind: str = "", accept: str = ""
    ) -> None:
        super().__init__(attrs)
        self.upload_kind, self.accepted = kind, accept

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "upload_name": f"{name}{UPLOAD}{self.upload_kind}",
            "clear_name": f"{name}{CLEAR}",
            "accept": self.accepted,
            "kind": self.upload_kind,
            "picture": find_picture(value) if self.upload_kind == PICTURE else None,
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return "" if f"{name}{CLEAR}" in data else data.get(name, "")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data


class UploadField(forms.Field):
    """A field whose upload was stored by `store_uploads`, or refused with an error."""

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        self.stored_error = form.data.get(f"{form.add_prefix(field_name)}{ERROR}", "")
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> Any:
        if error := getattr(self, "stored_error", ""):
            raise ValidationError(error)
        return super().clean(value)


class PictureField(UploadField):
    """The key of a picture in the library."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "missing": _("This image is no longer in the library. Choose another one.")
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = UploadWidget(kind=PICTURE, accept=",".join(ACCEPTED_TYPES))
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if find_picture(value) is None:
            raise ValidationError(self.error_messages["missing"])
        return int(value)


class FileField(UploadField):
    """The name of a file in the storage of uploads: a PDF file or a video."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "missing": _("This file is no longer stored. Upload it again.")
    }

    def __init__(self, kind: str = PDF, **kwargs: Any) -> None:
        accept = "application/pdf,.pdf" if kind == PDF else "video/mp4,video/webm"
        super().__init__(widget=UploadWidget(kind=kind, accept=accept), **kwargs)

    def to_python(self, value: Any) -> str:
        if value in self.empty_values:
            return ""
        name = str(value)
        if not name.startswith(f"{FOLDER}/") or len(name) > MAX_NAME_LENGTH or not _exists(name):
            raise ValidationError(self.error_messages["missing"])
        return name


def find_picture(key: Any) -> Picture | None:
    """The picture with this key, which may be any text."""
    text = str(key or "")
    if not (text.isascii() and text.isdecimal()) or int(text) > BigIntegerField.MAX_BIGINT:
        return None
    return Picture.objects.filter(pk=int(text)).first()


def store_uploads(request: HttpRequest, by: User) -> None:
    """Store what was uploaded with the fields of this module, and put its name in their values.

    What is refused leaves an error for the field.
    """
    if not any(UPLOAD in name for name in request.FILES):
        return
    data = request.POST.copy()
    for name in [name for name in request.FILES if UPLOAD in name]:
        field, _upload, kind = name.partition(UPLOAD)
        for upload in request.FILES.getlist(name):
            try:
                data[field] = STORE[kind](upload, by)
            except ValidationError as error:
                data[f"{field}{ERROR}"] = " ".join(error.messages)
            except KeyError:
                data[f"{field}{ERROR}"] = gettext("This file type is not accepted.")
    request.POST = data  # type: ignore[assignment]  # a copy that can be changed


def _store_picture(upload: UploadedFile, by: User) -> str:
    if not by.has_perm("richtext.add_picture"):
        raise ValidationError(gettext("You do not have permission to upload images."))
    return str(add_picture(upload, by=by).pk)


def _store_pdf(upload: UploadedFile, by: User) -> str:
    validate_pdf(upload)
    return default_storage.save(f"{FOLDER}/{_file_name(upload, 'pdf')}", upload)


def _store_video(upload: UploadedFile, by: User) -> str:
    if (upload.size or 0) > MAX_VIDEO_MEGABYTES * 1024 * 1024:
        text = ngettext(
            "This video is larger than %(limit)d MB.",
            "This video is larger than %(limit)d MB.",
            MAX_VIDEO_MEGABYTES,
        )
        raise ValidationError(text % {"limit": MAX_VIDEO_MEGABYTES})
    upload.open()
    start = upload.read(12)
    upload.seek(0)
    for extension, (offset, mark) in VIDEO_STARTS.items():
        if start[offset:].startswith(mark):
            return default_storage.save(f"{FOLDER}/{_file_name(upload, extension)}", upload)
    raise ValidationError(gettext("This is not an MP4 or WebM video."))


STORE: Mapping[str, Callable[[UploadedFile, User], str]] = {
    PICTURE: _store_picture,
    PDF: _store_pdf,
    VIDEO: _store_video,
}


def _file_name(upload: UploadedFile, extension: str) -> str:
    stem = (upload.name or "").rpartition(".")[0][:80] or extension
    return f"{default_storage.get_valid_name(stem)}.{extension}"


def _exists(name: str) -> bool:
    try:
        return default_storage.exists(name)
    except SuspiciousOperation:
        return False
