"""Categories of articles, on two levels."""

from django.utils.translation import gettext_lazy as _

from core.taxonomy import AbstractCategory
from news.models.watched import NewsQuerySet


class Category(AbstractCategory):
    """A section of the news."""

    view_name = "news:category"
    MAX_LEVELS = 2
    too_deep_message = _("Categories can be nested at most two levels deep.")

    objects = NewsQuerySet.as_manager()

    class Meta(AbstractCategory.Meta):
        pass
