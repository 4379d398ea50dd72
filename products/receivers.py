"""What a product is found by follows every change of it."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from products.models import Product, Specification, Variant
from products.texts import searched


def refresh(product: Product) -> None:
    """Write down anew what searches look in."""
    text = searched(product, product.specifications.all(), product.variants.all())
    Product.objects.filter(pk=product.pk).update(searched=text)


@receiver(post_save, sender=Product)
def product_saved(instance: Product, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        refresh(instance)


@receiver([post_save, post_delete], sender=Specification)
@receiver([post_save, post_delete], sender=Variant)
def detail_changed(instance: Specification | Variant, raw: bool = False, **kwargs: Any) -> None:
    """Of a detail that goes with its product, nothing is left to refresh."""
    product = None if raw else Product.objects.filter(pk=instance.product_id).first()
    if product is not None:
        refresh(product)
