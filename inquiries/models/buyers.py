"""Who asks."""

from django.db import models
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from core.validators import validate_line, validate_phone


def in_any_case(field: str, value: str) -> Exact:
    """That a column holds `value`, in whatever case: a filter for which `Lower` has an index."""
    return Exact(Lower(field), Lower(models.Value(value)))


class Buyer(models.Model):
    """What a buyer said of themselves; the e-mail address is what they are known by."""

    name = models.CharField(_("name"), max_length=100, validators=[validate_line])
    email = models.EmailField(_("e-mail"), validators=[validate_line])
    company = models.CharField(_("company"), max_length=150, blank=True, validators=[validate_line])
    country = CountryField(_("country"), blank=True, blank_label=_("Choose a country"))  # type: ignore[call-overload]
    phone = models.CharField(
        _("telephone"), max_length=40, blank=True, validators=[validate_line, validate_phone]
    )
    # The number as a machine dials it, where it can be told; `phone` stays as it was typed.
    phone_e164 = models.CharField(max_length=16, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=10, editable=False)
    # A name of the tz database, as the buyer's browser told it.
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True, editable=False)

    class Meta:
        abstract = True
