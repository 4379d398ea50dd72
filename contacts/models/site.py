"""The company's row once more, for the form of the site's look."""

from django.utils.translation import gettext_lazy as _

from contacts.models.company import Company


class Site(Company):
    """Name, logo, colours and other settings of the public pages, in a form of their own."""

    class Meta:
        proxy = True
        verbose_name = _("site")
        verbose_name_plural = _("site")
