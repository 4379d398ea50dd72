"""What the owner of an account fills in."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import Invitation
from accounts.password_validation import MAX_LENGTH
from accounts.services.password import confirm_password
from core.form_fields import EmailField

WRONG_CODE = _("This code is wrong or was already used. Wait for the next code and enter it.")


class LogInForm(AdminAuthenticationForm):
    """Name and password; one that is longer than any password can be is not hashed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].validators.append(MaxLengthValidator(MAX_LENGTH))


class CodeForm(forms.Form):
    """A code of the authenticator app; `allows_recovery` also names the recovery codes."""

    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )

    def __init__(self, *args: Any, allows_recovery: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attributes = self.fields["code"].widget.attrs
        attributes |= {"autocapitalize": "none", "spellcheck": "false"}
        if not allows_recovery:
            attributes["inputmode"] = "numeric"


class ForgottenPasswordForm(forms.Form):
    """The e-mail address of the account."""

    email = EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class PasswordForm(forms.Form):
    """One's own password once more, to confirm something critical."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=MAX_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    @sensitive_variables("password")
    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not confirm_password(self.request, password):
            raise ValidationError(_("Your password was entered incorrectly."))
        return password


class SecondFactorForm(PasswordForm, CodeForm):
    """The password and a code, to turn the second factor on or off."""

    field_order = ["password", "code"]

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]


class InvitationForm(forms.ModelForm):
    """Who is invited, in which role; the admin limits the roles and contacts to choose from."""

    class Meta:
        model = Invitation
        fields = ("email", "role", "contact", "makes_contact")
        field_classes = {"email": EmailField}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("There is already an account with this e-mail address."))
        # Django does not check the constraint of the model, which also reads another field.
        if Invitation.objects.open().filter(email__iexact=email).exists():
            raise ValidationError(_("There is an open invitation to this e-mail address."))
        return email


class AcceptInvitationForm(UserCreationForm):
    """How the colleague is called and logs in; passwords like the e-mail address are refused."""

    class Meta(UserCreationForm.Meta):
        fields = ("username", "first_name", "last_name")

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.email = email
        self.fields["first_name"].required = True
