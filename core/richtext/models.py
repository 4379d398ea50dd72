"""The library of pictures that editors have uploaded for their texts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.images import PictureField
from core.richtext.library import alt_field
from core.text.search_query import MAX_TERMS, split_query

NAME_LENGTH = 150
ALT_LENGTH = 200


class PictureQuerySet(models.QuerySet["Picture"]):
    def search(self, query: str) -> models.QuerySet["Picture"]:
        """Pictures whose name or alternative text, in any language, matches a search query."""
        fields = ["name", *map(alt_field, settings.MODELTRANSLATION_LANGUAGES)]
        pictures: models.QuerySet[Picture] = self
        for part in split_query(query)[:MAX_TERMS]:
            any_field = models.Q()
            for field in fields:
                # A missing text is NULL, and a negated condition on NULL matches no row.
                any_field |= models.Q(
                    **{f"{field}__isnull": False, f"{field}__icontains": part.text}
                )
            pictures = pictures.filter(~any_field if part.is_excluded else any_field)
        return pictures


class Picture(models.Model):
    """A picture in the library; deleting it does not delete the file, which texts may show."""

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
        help_text=_("Name of the uploaded file, used for searching."),
    )
    alt = models.CharField(
        _("alternative text"),
        max_length=ALT_LENGTH,
        blank=True,
        help_text=_(
            "Describes the image for people who cannot see it. Filled in "
            "automatically when the image is chosen from the library."
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
        verbose_name = _("image")
        verbose_name_plural = _("images")
        indexes = [models.Index(fields=["-uploaded_at", "-id"], name="richtext_picture_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="richtext_picture_has_a_size"
            )
        ]

    def __str__(self) -> str:
        return self.name
