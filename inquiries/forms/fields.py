"""Form fields and widgets of several forms."""

from functools import cache, lru_cache, partial
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.choices import CallableChoiceIterator
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from contacts.models import Contact
from core.html import escape_text
from core.page_cache.copies import ProcessCopy
from core.replica import main_reads
from core.text.amounts import parse_whole_number
from inquiries import files
from inquiries.models.inquiry_line import MAX_QUANTITY
from products import page_cache
from products.models import Product, Variant
from products.queries import find_offered_product

MAX_PRODUCT_CHOICES = 200


class LongSelect(forms.Select):
    """A choice among hundreds, whose options are written in one pass.

    Django makes a dictionary for each, which takes ten times as long.
    """

    template_name = "inquiries/_select.html"

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        return []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["options"] = self.write_options("" if value is None else str(value))
        return context

    def write_options(self, selected: str) -> SafeString:
        """The `<option>` elements; the one with the value `selected` is marked."""
        marks = {selected: " selected"}
        options = (
            f'\n  <option value="{escape_text(value)}"{marks.get(str(value), "")}>'
            f"{escape_text(label)}</option>"
            for value, label in self.choices
        )
        return mark_safe("".join(options))  # noqa: S308 -- escaped


class ProductField(forms.Field):
    """A published product, by its slug; call `set_choices` to offer products."""

    widget = LongSelect
    default_error_messages = {
        "invalid_choice": _("This product is no longer available. Select another product or none."),
    }

    def to_python(self, value: Any) -> Product | None:
        if value in self.empty_values:
            return None
        product = (
            find_offered_product(value) if "\0" not in value else None
        )  # PostgreSQL rejects it
        if product is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return product

    def set_choices(self, selected: str) -> None:
        """List the first published products; the one with the slug `selected` comes first."""
        selected = selected.replace("\0", "")
        # Read when the form is shown, which a valid one is not, and then only once.
        self.widget.choices = CallableChoiceIterator(cache(partial(product_choices, selected)))


class VariantField(forms.ChoiceField):
    """A variant of a product, by its primary key; call `set_product` to offer its variants."""

    default_error_messages = {
        "invalid_choice": _("This variant is no longer available. Select another one or none."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Variant"), required=False, **kwargs)
        self.slug = ""

    def set_product(self, slug: str) -> None:
        self.slug = slug.replace("\0", "")  # PostgreSQL rejects it
        self.__dict__.pop("variants", None)
        self.widget.choices = CallableChoiceIterator(self._list_choices)

    @cached_property
    def variants(self) -> list[Variant]:
        """The variants of the product."""
        rows = Variant.objects.filter(product__slug=self.slug)
        return list(rows) if self.slug else []

    def _list_choices(self) -> list[tuple[Any, str]]:
        return [("", gettext("Not decided yet")), *((row.pk, row.label) for row in self.variants)]

    def find(self, value: Any) -> Variant | None:
        """The variant with this primary key, if the product has it."""
        return next((row for row in self.variants if str(row.pk) == str(value)), None)

    def clean(self, value: Any) -> Variant | None:
        """The chosen variant; of a product without variants None, whatever was chosen before."""
        if value in self.empty_values or not self.variants:
            return None
        if variant := self.find(value):
            return variant
        raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")


def product_choices(selected: str) -> list[tuple[str, str]]:
    """Published products by their slugs, the one with the slug `selected` first."""
    first = list(slugs_and_names().filter(slug=selected)) if selected else []
    others = [choice for choice in first_products() if choice not in first]
    return [("", gettext("No specific product")), *[*first, *others][:MAX_PRODUCT_CHOICES]]


def slugs_and_names() -> Any:
    return Product.objects.published().order_by("order", "pk").values_list("slug", "name")


def first_products() -> list[tuple[str, str]]:
    """The first products of the catalogue, with their names in the active language."""
    by_language, language = kept_products.get(), get_language()
    if language not in by_language:
        with main_reads():  # a replica may not have the latest change yet
            by_language[language] = list(slugs_and_names()[:MAX_PRODUCT_CHOICES])
    return by_language[language]


kept_products: ProcessCopy[dict[str | None, list[tuple[str, str]]]] = ProcessCopy(
    dict, page_cache.ALL, page_cache.LISTS
)


class CountrySelect(LongSelect):
    """A choice of all countries, whose options are written once per language."""

    def use_required_attribute(self, initial: Any) -> bool:
        return True

    def write_options(self, selected: str) -> SafeString:
        option = format_html('<option value="{}"', selected)
        options = country_options(get_language()).replace(option, f"{option} selected", 1)
        return mark_safe(options)  # noqa: S308 -- escaped


@lru_cache
def country_options(language: str | None) -> SafeString:
    """The `<option>` elements of all countries with their names in `language`, the active one."""
    choices = [("", _("Select a country")), *countries]
    return format_html_join("\n", '<option value="{}">{}</option>', choices)


class CountryField(forms.ChoiceField):
    """The code of a country or nothing; the codes and names of all are not read to check it."""

    widget = CountrySelect

    def valid_value(self, value: Any) -> bool:
        return value in countries


class QuantityField(forms.IntegerField):
    """A whole number of one or more, with the digits and the grouping of any language."""

    # Browsers discard what they cannot parse in a field of type `number`.
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        validators = [MaxValueValidator(MAX_QUANTITY)]
        super().__init__(label=_("Quantity"), min_value=1, validators=validators, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        number = parse_whole_number(str(value))
        if number is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class OptionalContactField(forms.ModelChoiceField):
    """An active contact by primary key; anything else becomes None instead of an error."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Contact.objects.active(), required=False, **kwargs)

    def clean(self, value: Any) -> Contact | None:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


class LongTextarea(forms.Textarea):
    """A text area without `maxlength`, so that a long pasted text is an error and is not cut."""

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        attrs = super().build_attrs(*args, **kwargs)
        attrs.pop("maxlength", None)
        return attrs


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Attached files, checked and limited in number and size."""

    widget = MultipleFileInput

    def __init__(self, limits: files.FileLimits = files.BUYER_LIMITS, **kwargs: Any) -> None:
        super().__init__(required=False, **{"label": _("Attachments"), **kwargs})
        self.limits = limits
        self.widget.attrs["accept"] = files.ACCEPTED_EXTENSIONS
        self.help_text = format_lazy(
            _(
                "Drawings, photos or lists: up to {most} files of up to {size} MB each, photos up "
                "to {photo_size} MB. PDF, pictures, Office files, CAD drawings, text and archives."
            ),
            most=limits.files,
            size=limits.megabytes,
            photo_size=limits.picture_megabytes,
        )

    def clean(self, data: Any, initial: Any = None) -> list[files.PreparedFile]:
        uploads = [upload for upload in data or [] if upload]
        if len(uploads) > self.limits.files:
            text = gettext("Attach at most %(most)d files at a time.")
            raise forms.ValidationError(text % {"most": self.limits.files})
        if sum(upload.size for upload in uploads) > self.limits.total_megabytes * 1024 * 1024:
            text = gettext(
                "These files are larger than %(limit)d MB in total. Attach fewer or smaller files."
            )
            raise forms.ValidationError(text % {"limit": self.limits.total_megabytes})
        prepared, errors = [], []
        for upload in uploads:
            try:
                prepared.append(files.prepare_upload(upload, self.limits))
            except forms.ValidationError as error:
                errors.append(error)
        if errors:
            raise forms.ValidationError(errors)
        return prepared


class TimeZoneInput(forms.HiddenInput):
    """The browser's time zone, filled in by a script; empty without JavaScript."""

    class Media:
        js = [forms.Script("js/time_zone.js", defer=True)]
