from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    """The newsroom: articles and everything by which they are found."""

    name = "news"
    verbose_name = _("News")
