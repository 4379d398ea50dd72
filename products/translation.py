"""Which texts exist in every language of the site."""

from modeltranslation.translator import TranslationOptions, register

from products.models import Category, Product, ProductImage, Specification


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ["name", "description"]


@register(Product)
class ProductTranslation(TranslationOptions):
    fields = ["name", "summary", "description", "unit"]


@register(Specification)
class SpecificationTranslation(TranslationOptions):
    fields = ["name", "value"]


@register(ProductImage)
class ProductImageTranslation(TranslationOptions):
    fields = ["alt"]
