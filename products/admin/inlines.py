"""Pictures, specifications, variants and downloads as rows on the form of a product."""

from core.admin.translated import TranslatedInline
from products.models import Download, ProductImage, Specification, Variant


class SpecificationInline(TranslatedInline):
    model = Specification
    fields = ["name", "value", "order"]


class ProductImageInline(TranslatedInline):
    model = ProductImage
    fields = ["image", "alt", "order"]


class VariantInline(TranslatedInline):
    model = Variant
    fields = ["name", "sku", "specification", "order"]


class DownloadInline(TranslatedInline):
    model = Download
    view_on_site = False  # the site does not serve the files of a draft
    fields = ["title", "kind", "file", "order"]
