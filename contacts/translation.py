"""The fields that have a value in each language of the site."""

from modeltranslation.translator import TranslationOptions, register

from contacts.models import Company, Contact, Holiday, Site


@register(Company)
class CompanyTranslation(TranslationOptions):
    fields = ["name", "address", "about", "footer_text"]


@register(Site)
class SiteTranslation(TranslationOptions):
    """Those of the company."""


@register(Contact)
class ContactTranslation(TranslationOptions):
    fields = ["title", "department", "city"]


@register(Holiday)
class HolidayTranslation(TranslationOptions):
    fields = ["name"]
