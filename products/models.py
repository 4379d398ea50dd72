"""The catalogue: categories as a tree, products, their specifications and pictures."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.pictures import PictureField
from config.richtext.fields import RichTextField
from config.slugs import SluggedModel
from config.validators import validate_pdf

LEVELS = 3  # of categories; ProductQuerySet.below reaches as far


class CategoryQuerySet(models.QuerySet["Category"]):
    def roots(self) -> Self:
        """The categories at the top of the tree, each with all those below it, in three queries."""
        return self.filter(parent=None).prefetch_related("children__children")

    def for_home(self, most: int = 8) -> Self:
        return self.filter(parent=None)[:most]

    def with_products(self, most: int = 500) -> Self:
        """The categories, each with `published_products`, for an index of the site."""
        products = Product.objects.published().select_related(None).only("slug", "name", "category")
        return self.prefetch_related(
            models.Prefetch("products", products[:most], "published_products")
        )


class Category(SluggedModel):
    """A branch of the catalogue."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address"), max_length=120, unique=True, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    description = models.TextField(_("description"), max_length=1000, blank=True)
    image = PictureField(
        _("picture"),
        upload_to="products/",
        blank=True,
        width_field="image_width",
        height_field="image_height",
    )
    image_width = models.PositiveIntegerField(null=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, editable=False)
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first.")
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="product_category_not_its_own_parent",
                violation_error_message=_("A category cannot be part of itself."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a parent that would make a circle, or a tree of more than three levels."""
        super().clean()
        above, path = self.parent, [self.pk]
        while above is not None:
            if above.pk in path:
                raise ValidationError({"parent": _("This category is part of the present one.")})
            path.append(above.pk)
            above = above.parent
        children = self.pk and Category.objects.filter(parent=self)
        below = bool(children) + bool(children and children.filter(children__isnull=False))
        if len(path) + below > LEVELS:
            raise ValidationError({"parent": _("Categories go three levels deep at the most.")})

    def get_absolute_url(self) -> str:
        return reverse("products:category", args=[self.slug])


class ProductQuerySet(models.QuerySet["Product"]):
    def published(self) -> Self:
        """What visitors may see and ask about."""
        return self.filter(status=Product.Status.PUBLISHED)

    def below(self, category: Category) -> Self:
        """The products of `category` and of all categories that are part of it."""
        return self.filter(
            models.Q(category=category)
            | models.Q(category__parent=category)
            | models.Q(category__parent__parent=category)
        )

    def for_list(self) -> Self:
        """Products with what a list shows of each: category and pictures, in two queries."""
        return self.select_related("category").defer("description").prefetch_related("images")

    def for_page(self) -> Self:
        """Products with what their own page shows of them, in three queries."""
        return self.select_related("category__parent").prefetch_related("images", "specifications")

    def for_home(self, most: int = 6) -> Self:
        """The featured products."""
        return self.published().for_list().filter(featured=True)[:most]


class Product(SluggedModel):
    """Something that the company sells."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(
        _("address"),
        max_length=220,
        unique=True,
        blank=True,
        help_text=_("The last part of the product's address. Left empty, it is made of the name."),
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
        help_text=_("A PDF file of up to 20 MB."),
    )
    min_order = models.PositiveIntegerField(_("minimum order"), default=1)
    unit = models.CharField(
        _("unit"), max_length=30, default="set", help_text=_("What one counts: set, piece, metre.")
    )
    featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Shown on the home page.")
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first.")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            models.Index(fields=["status", "order", "id"], name="product_published"),
            models.Index(fields=["category", "status", "order", "id"], name="product_by_category"),
            models.Index(
                fields=["order", "id"],
                name="product_featured",
                condition=models.Q(featured=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sku"],
                name="product_sku_unique",
                condition=~models.Q(sku=""),
                violation_error_message=_("Another product has this model number."),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "published"]), name="product_status_known"
            ),
            models.CheckConstraint(condition=~models.Q(slug=""), name="product_slug_filled"),
            models.CheckConstraint(
                condition=models.Q(min_order__gte=1),
                name="product_min_order_positive",
                violation_error_message=_("The minimum order is at least 1."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("products:product", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def picture(self) -> "ProductImage | None":
        """The picture that stands for the product: its first one."""
        return next(iter(self.images.all()), None)

    def related(self, most: int = 4) -> models.QuerySet["Product"]:
        """Other published products of the same category."""
        published = Product.objects.published().for_list()
        return published.filter(category_id=self.category_id).exclude(pk=self.pk)[:most]


class Specification(models.Model):
    """One line of a product's table of technical data."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="specifications")
    name = models.CharField(_("name"), max_length=100)
    value = models.CharField(_("value"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("specification")
        verbose_name_plural = _("specifications")

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class ProductImage(models.Model):
    """One picture of a product. The first one stands for it in lists."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    image = PictureField(
        _("picture"), upload_to="products/", width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    alt = models.CharField(
        _("what it shows"),
        max_length=200,
        blank=True,
        help_text=_("Read out to those who cannot see the picture."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.alt or self.image.name or ""
