"""Changes to the picture library."""

from pathlib import PurePath

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import models

from core.images import prepare_picture
from core.images.renditions import make_renditions
from core.richtext.library import alt_field, alt_texts
from core.richtext.models import ALT_LENGTH, NAME_LENGTH, Picture


def add_picture(upload: UploadedFile, by: User | None) -> Picture:
    """Add the picture in `upload` to the library; the same content is stored only once.

    Raises ValidationError as `prepare_picture` does, and the errors of a failing storage.
    """
    content = prepare_picture(upload)
    name = (upload.name or "")[-NAME_LENGTH:]
    picture, is_new = Picture.objects.get_or_create(
        digest=PurePath(str(content.name)).stem,
        defaults={"file": content, "name": name, "uploaded_by": by},
    )
    # If the file was lost, it is restored under its old name, which texts link to.
    storage, stored_name = picture.file.storage, str(picture.file.name)
    if not is_new and not storage.exists(stored_name):
        storage.save(stored_name, content)
        make_renditions(picture.file)
    return picture


def save_alt_texts(html: str, language: str) -> None:
    """Copy the alternative texts of `html` to the pictures that have none in `language`."""
    texts = alt_texts(html)
    if not texts:
        return
    field = alt_field(language)
    is_empty = models.Q(**{field: ""}) | models.Q(**{f"{field}__isnull": True})
    # `only` and `bulk_update`, because modeltranslation would read `alt_en` as `alt`.
    pictures = list(Picture.objects.filter(is_empty, file__in=texts).only("pk", "file"))
    for picture in pictures:
        setattr(picture, field, texts[str(picture.file.name)][:ALT_LENGTH])
    Picture.objects.bulk_update(pictures, [field])
