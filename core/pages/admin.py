"""The admin of single pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.flatpages.forms import FlatpageForm
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.richtext.admin import RichTextAdmin
from core.richtext.cleaning import clean_html
from core.richtext.fields import RichTextFormField

# There is only one site; its row has no effect, since all URLs are made from SITE_URL.
admin.site.unregister([FlatPage, Site])


class PageForm(FlatpageForm):
    """Title, text and URL of a page; a page is shown if it is assigned to the site."""

    content = RichTextFormField(label=capfirst(_("text")), required=False)
    is_shown = forms.BooleanField(
        label=capfirst(_("visible")),
        required=False,
        initial=True,
        help_text=_("Otherwise the page stays hidden."),
    )

    class Meta:
        model = FlatPage
        fields = ["title", "content", "url"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].label = capfirst(_("URL"))
        if self.instance.pk:
            self.initial["is_shown"] = self.instance.sites.exists()

    def clean_content(self) -> str:
        return clean_html(self.cleaned_data["content"])

    def clean_url(self) -> str:
        url: str = super().clean_url()
        if FlatPage.objects.filter(url=url).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another page already uses this URL."))
        return url


@admin.register(FlatPage)
class PageAdmin(RichTextAdmin):
    form = PageForm
    list_display = ["title", "url", "is_shown"]
    search_fields = ["title", "url"]
    fields = ["title", "content", "url", "is_shown"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FlatPage]:
        sites = FlatPage.sites.through.objects.filter(flatpage=OuterRef("pk"))
        return super().get_queryset(request).annotate(shown=Exists(sites))

    @admin.display(description=_("visible"), boolean=True)
    def is_shown(self, page: Any) -> bool:
        return page.shown

    def save_related(self, request: HttpRequest, form: Any, *args: Any) -> None:
        super().save_related(request, form, *args)
        form.instance.sites.set([settings.SITE_ID] if form.cleaned_data["is_shown"] else [])
