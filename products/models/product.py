"""What the company sells."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models, transaction
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from core.languages import languages_with_indexes
from core.loading import QuicklyLoadedModel
from core.related_rows import RelatedRows
from core.richtext.fields import RichTextField
from core.search.index import update_index
from core.slugs import SluggedModel, unique_slug
from core.text.partial_search import contains_any, search_spellings
from core.text.search_query import QueryPart
from core.trigram_tables import narrow
from core.validators import validate_pdf
from products.models.category import Category
from products.models.download import Download
from products.models.fields import HSCodeField
from products.models.image import ProductImage
from products.models.specification import Specification
from products.models.variant import Variant
from products.models.watched import CatalogueQuerySet
from products.search_text import build_search_text

MAX_RANKED = 24  # on one page of a list
# The category of a product and those above it.
CATEGORY_COLUMNS = ("category_id", "category__parent_id", "category__parent__parent_id")


def _contact_links(categories: list[Any]) -> models.QuerySet:
    """The links from categories to their active contacts."""
    links = Category.contacts.through.objects.filter(category__pk__in=categories)
    return links.filter(contact__is_active=True).order_by("contact__order", "contact_id")


def _parts(model: Any) -> models.QuerySet:
    """The rows of a product in the table of its pictures, specifications and so on."""
    return model.objects.filter(product=models.OuterRef("pk"))


class ProductQuerySet(CatalogueQuerySet["Product"]):
    ignored_fields = frozenset({"search_text"})

    def published(self) -> Self:
        """The products that visitors can see and ask about."""
        return self.filter(status=Product.Status.PUBLISHED)

    def find_by_slug(self, slug: str) -> "Product | None":
        """The product with a slug that comes from a request, if there is one."""
        return self.filter(slug=slug.replace("\0", "")).first()  # PostgreSQL rejects null bytes

    def in_categories(self, categories: Iterable[Any]) -> Self:
        """The products of the categories with these primary keys."""
        return self.filter(category__pk__in=categories)

    def matching(self, parts: Iterable[QueryPart]) -> Self:
        """The products with every part of a search query, and none of its excluded parts."""
        condition = models.Q()
        for part in parts:
            matches = contains_any("search_text", search_spellings(part.text))
            condition &= ~matches if part.is_excluded else matches
        return narrow(self, Product, condition).filter(condition)

    def order_by_relevance(self, query: str, best: Sequence[int] = ()) -> Self:
        """Put the product with this model number first, then the first of `best` in their order.

        Then come those with the query in the name.
        """
        name = build_localized_fieldname("name", get_language() or settings.LANGUAGE_CODE)
        first = enumerate(best[:MAX_RANKED])
        rank = models.Case(
            models.When(sku__iexact=query, then=models.Value(-MAX_RANKED - 1)),
            *(models.When(pk=pk, then=models.Value(place - MAX_RANKED)) for place, pk in first),
            models.When(**{f"{name}__icontains": query}, then=models.Value(1)),
            default=models.Value(2),
        )
        return self.order_by(rank, "order", "pk")

    def with_specifications(self, chosen: Mapping[str, Iterable[str]]) -> Self:
        """The products that have, for each name key, a specification with one of the value keys."""
        for name_key, value_keys in chosen.items():
            specification = Specification.objects.filter(
                product=models.OuterRef("pk"), name_key=name_key, value_key__in=value_keys
            )
            self = self.filter(models.Exists(specification))
        return self

    def with_numbers(self, ranges: Iterable[Any]) -> Self:
        """The products that have, for each `NumberRange`, a specification that reaches it."""
        for one in ranges:
            specifications = Specification.objects.filter(product=models.OuterRef("pk"))
            numbers = specifications.with_number(one.key.name, one.key.base)
            self = self.filter(models.Exists(numbers.reaching(one.at_least, one.at_most)))
        return self

    def for_list(self) -> Self:
        """What a list shows of each product, with its first picture, in one query."""
        return self._with_picture().only("slug", "name", "sku", "summary", "category__name")

    def for_page(self) -> Self:
        """What the page of a product shows, in one query."""
        products: Any = self.select_related("category__parent__parent").defer("search_text")
        chosen = Product.objects.published().filter(related_to=models.OuterRef("pk"))
        return products.annotate(
            has_chosen_related=models.Exists(chosen.exclude(pk=models.OuterRef("pk"))),
            shown_images=RelatedRows(_parts(ProductImage)),
            shown_specifications=RelatedRows(_parts(Specification)),
            shown_variants=RelatedRows(_parts(Variant)),
            shown_downloads=RelatedRows(_parts(Download)),
            contact_links=RelatedRows(
                _contact_links([models.OuterRef(column) for column in CATEGORY_COLUMNS])
            ),
        )

    def for_comparison(self) -> Self:
        """What a comparison shows of each product, in one query."""
        products = self._with_picture().defer("description", "search_text")
        return products.annotate(shown_specifications=RelatedRows(_parts(Specification)))

    def _with_picture(self) -> Self:
        """Read the category and the first picture as well."""
        products = self.select_related("category")
        return products.annotate(shown_images=RelatedRows(_parts(ProductImage)[:1]))

    def for_home(self, limit: int = 6) -> Self:
        """The first featured products."""
        # By key: SQLite would look for the few that are featured among all that are published.
        is_published = models.Exists(Product.objects.published().filter(pk=models.OuterRef("pk")))
        return self.filter(is_published, featured=True).for_list()[:limit]


class Product(QuicklyLoadedModel, SluggedModel):
    """Something that the company sells."""

    view_name = "products:product"

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(
        _("slug"),
        max_length=220,
        unique=True,
        blank=True,
        help_text=_("The last part of the product's URL. Generated from the name if empty."),
    )
    sku = models.CharField(_("model number"), max_length=60, blank=True)
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        related_name="products",
        verbose_name=_("category"),
    )
    summary = models.TextField(
        _("summary"),
        max_length=500,
        blank=True,
        help_text=_("One or two sentences for lists and search results."),
    )
    description = RichTextField(_("description"), blank=True)
    datasheet = models.FileField(
        _("data sheet"),
        upload_to="datasheets/",
        blank=True,
        validators=[validate_pdf],
        help_text=_("PDF, up to 20 MB."),
    )
    min_order = models.PositiveIntegerField(_("minimum order"), default=1)
    unit = models.CharField(
        _("unit"), max_length=30, default="set", help_text=_("Unit of measure: set, piece, metre.")
    )
    port = models.CharField(
        _("port"), max_length=100, blank=True, help_text=_("Port of shipment, for example Qingdao.")
    )
    lead_time = models.CharField(
        _("lead time"),
        max_length=100,
        blank=True,
        help_text=_("For example: 30 days after deposit."),
    )
    hs_code = HSCodeField(
        _("HS code"), blank=True, help_text=_("Customs tariff code with 6 to 10 digits.")
    )
    units_per_carton = models.PositiveIntegerField(
        _("units per carton"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many units a carton, crate or pallet has; 1 for a machine in a crate."),
    )
    carton_weight = models.DecimalField(
        _("gross weight of a carton (kg)"),
        max_digits=10,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.001"))],
    )
    carton_volume = models.DecimalField(
        _("volume of a carton (m³)"),
        max_digits=10,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.0001"))],
    )
    price_from = models.DecimalField(
        _("price from"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("Per unit, for guidance. If empty, pages say “Price on request”."),
    )
    price_to = models.DecimalField(
        _("price to"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("If empty, the price begins at the one before."),
    )
    price_currency = models.CharField(
        _("currency"),
        max_length=3,
        blank=True,
        default="USD",
        db_default="USD",
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Enter a code such as USD or EUR."))],
    )
    related_products = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="related_to",
        verbose_name=_("related products"),
        help_text=_("If empty, other products in the same category are shown."),
    )
    featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Shown on the home page.")
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Lower numbers come first.")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    search_text = models.TextField(editable=False, default="")

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            models.Index(fields=["status", "order", "id"], name="product_published"),
            models.Index(fields=["status", "-id"], name="product_newest"),
            models.Index(fields=["category", "status", "order", "id"], name="product_by_category"),
            models.Index(
                fields=["order", "id"],
                name="product_featured",
                condition=models.Q(featured=True),
            ),
            # The orders of the admin's list; a migration adds an index for its search.
            models.Index(fields=["order", "id"], name="product_in_order"),
            models.Index(fields=["category", "order", "id"], name="product_in_order_of_category"),
            models.Index(fields=["sku", "id"], name="product_by_sku"),
            *(
                models.Index(
                    fields=[build_localized_fieldname("name", code), "id"],
                    name=build_localized_fieldname("product_by_name", code),
                )
                for code in languages_with_indexes()
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sku"],
                name="product_sku_unique",
                condition=~models.Q(sku=""),
                violation_error_message=_("Another product already uses this model number."),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "published"]), name="product_status_known"
            ),
            models.CheckConstraint(condition=~models.Q(slug=""), name="product_slug_filled"),
            models.CheckConstraint(
                condition=models.Q(min_order__gte=1),
                name="product_min_order_positive",
                violation_error_message=_("The minimum order must be at least 1."),
            ),
            models.CheckConstraint(
                condition=models.Q(price_to=None)
                | models.Q(price_from__isnull=False, price_to__gte=models.F("price_from")),
                name="product_price_range",
                violation_error_message=_("Enter a range that begins with the lower price."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def picture(self) -> ProductImage | None:
        """The first picture, which lists show."""
        return next(iter(self.shown_images), None)

    @cached_property
    def shown_images(self) -> list[ProductImage]:
        """All pictures, unless `for_list` has read the first one."""
        return list(self.images.all())

    @cached_property
    def shown_specifications(self) -> list[Specification]:
        """The table of technical data; `for_page` reads it within its query."""
        return list(self.specifications.all())

    @cached_property
    def shown_variants(self) -> list[Variant]:
        """The variants; `for_page` reads them within its query."""
        return list(self.variants.all())

    @cached_property
    def shown_downloads(self) -> list[Download]:
        """The PDF files; `for_page` reads them within its query."""
        return list(self.downloads.all())

    @cached_property
    def contact_links(self) -> list[Any]:
        """The contacts of the categories; `for_page` reads them within its query."""
        return list(_contact_links([one.pk for one in self.category.with_ancestors()]))

    @property
    def responsible_contacts(self) -> list[int]:
        """The keys of the active contacts of the category or, if it has none, of the one above."""
        for category in reversed(self.category.with_ancestors()):
            links = [link for link in self.contact_links if link.category_id == category.pk]
            if links:
                return [link.contact_id for link in links]
        return []

    @cached_property
    def has_chosen_related(self) -> bool:
        """Whether published ones were chosen; `for_page` annotates it without a query."""
        return Product.objects.published().filter(related_to=self).exclude(pk=self.pk).exists()

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.update_search_text()
            update_index(
                Download, Download.objects.filter(product=self).values_list("pk", flat=True)
            )

    def update_search_text(self) -> None:
        """Store the texts in which searches look; specifications and variants call this as well."""
        self.search_text = build_search_text(
            self,
            Specification.objects.filter(product=self),
            Variant.objects.filter(product=self),
        )
        Product.objects.filter(pk=self.pk).update(search_text=self.search_text)
        update_index(Product, [self.pk])

    def fill_slug(self) -> None:
        """Avoid the slug `compare`, which is the path of the comparison."""
        super().fill_slug()
        if self.slug == "compare":
            self.slug = unique_slug(self, "compare-product")
