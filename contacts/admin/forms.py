"""The forms of the company, the site and the contact: they clean what is typed or pasted."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.colors import MIN_CONTRAST, WHITE, contrast, parse_color, readable_on
from core.form_fields import EmailField, LineField, PhoneField
from core.images.icons import IconFormField

NUMBERS_AS_TYPED = _(
    "Numbers appear on the site exactly as you enter them. Links dial them in international "
    "format; numbers without a country code belong to the company's country."
)


def _phone_input() -> forms.TelInput:
    return forms.TelInput(attrs={"class": "vTextField"})


class CompanyForm(forms.ModelForm):
    class Meta:
        field_classes = {
            **dict.fromkeys(["hotline", "phone", "fax"], PhoneField),
            "skype": LineField,
            "email": EmailField,
        }
        widgets = {name: _phone_input() for name in ("hotline", "phone", "fax")}


class ContactForm(forms.ModelForm):
    class Meta:
        field_classes = {
            **dict.fromkeys(["phone", "fax", "mobile"], PhoneField),
            **dict.fromkeys(["name", "skype"], LineField),
            "email": EmailField,
        }
        widgets = {name: _phone_input() for name in ("phone", "fax", "mobile")}


class SiteForm(forms.ModelForm):
    class Meta:
        field_classes = {"icon": IconFormField}
        widgets = {"color": forms.TextInput(attrs={"class": "color-field", "size": 9})}

    def clean_color(self) -> str:
        """The colour as `#rrggbb`, on which and in which text on white can be read."""
        typed: str = self.cleaned_data["color"]
        if not typed:
            return ""
        try:
            color = parse_color(typed)
        except ValueError as error:
            raise ValidationError(_("Enter a color such as #0f5e75.")) from error
        readable = readable_on(WHITE, color)
        if readable != color:
            raise ValidationError(
                _(
                    "White text on %(color)s is hard to read (contrast %(contrast).1f, needed "
                    "%(needed).1f). The nearest color that works is %(readable)s."
                )
                % {
                    "color": color,
                    "contrast": contrast(color, WHITE),
                    "needed": MIN_CONTRAST,
                    "readable": readable,
                }
            )
        return color

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("analytics_provider") and not self.cleaned_data.get(
            "analytics_id"
        ):
            self.add_error("analytics_id", _("Enter the id that the provider shows."))
