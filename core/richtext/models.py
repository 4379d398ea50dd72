"""The library of pictures that editors have put into texts."""

from pathlib import PurePath
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.images import PictureField, prepare_picture
from core.images.renditions import make_renditions
from core.richtext import library

if TYPE_CHECKING:
    from django.contrib.auth.models import User


NAME_LENGTH = 150
ALT_LENGTH = 200


class PictureQuerySet(models.QuerySet["Picture"]):
    def found_by(self, query: str) -> models.QuerySet["Picture"]:
        """Those whose name or alternative text holds every word of `query`."""
        return library.find_pictures(self, query)

    def remember_alt_texts(self, html: str, language: str) -> None:
        """Keep the alternative texts of `html` for pictures that have none in `language` yet."""
        library.remember_alt_texts(self, html, language)

    def keep(self, upload: UploadedFile, by: "User | None") -> "Picture":
        """The library's picture with the content of `upload`: one row, however often it comes.

        Raises ValidationError as `prepare_picture` does, and whatever a failing storage raises.
        """
        content = prepare_picture(upload)
        name = (upload.name or "")[-NAME_LENGTH:]
        picture, is_new = self.get_or_create(
            digest=PurePath(str(content.name)).stem,
            defaults={"file": content, "name": name, "uploaded_by": by},
        )
        # A file that was lost comes back under its name, and so do the texts that show it.
        storage, stored = picture.file.storage, str(picture.file.name)
        if not is_new and not storage.exists(stored):
            storage.save(stored, content)
            make_renditions(picture.file)
        return picture


class Picture(models.Model):
    """A picture in the library. Its file stays when it is deleted here: texts may show it."""

    file = PictureField(
        _("file"),
        upload_to="pictures/",
        width_field="width",
        height_field="height",
        editable=False,
    )
    digest = models.CharField(_("content hash"), max_length=32, unique=True, editable=False)
    name = models.CharField(
        _("name"),
        max_length=NAME_LENGTH,
        help_text=_("Of the file that was uploaded, to find it by."),
    )
    alt = models.CharField(
        _("what it shows"),
        max_length=ALT_LENGTH,
        blank=True,
        help_text=_(
            "Read out to those who cannot see the picture. Put in beside the picture when it is"
            " chosen from the library."
        ),
    )
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        indexes = [models.Index(fields=["-uploaded_at", "-id"], name="richtext_picture_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="richtext_picture_has_a_size"
            )
        ]

    def __str__(self) -> str:
        return self.name
