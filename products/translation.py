"""The fields that have a value in each language of the site."""

from modeltranslation.translator import TranslationOptions, register

from products.models import Category, Download, Product, ProductImage, Specification, Variant


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ["name", "description"]


@register(Product)
class ProductTranslation(TranslationOptions):
    fields = ["name", "summary", "description", "unit", "port", "lead_time"]
    # Otherwise a unit equal to the field's default, "set", would count as not translated.
    fallback_undefined = {"unit": ""}


@register(Specification)
class SpecificationTranslation(TranslationOptions):
    fields = ["name", "value"]


@register(ProductImage)
class ProductImageTranslation(TranslationOptions):
    fields = ["alt"]


@register(Variant)
class VariantTranslation(TranslationOptions):
    fields = ["name", "specification"]


@register(Download)
class DownloadTranslation(TranslationOptions):
    fields = ["title"]
