"""Looking through the catalogue."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, ListView

from products.models import Category, Product, ProductQuerySet


class ProductList(ListView):
    """All published products."""

    template_name = "products/product_list.html"
    context_object_name = "products"
    paginate_by = 24
    extra_context = {"categories": Category.objects.roots}

    def get_queryset(self) -> ProductQuerySet:
        return Product.objects.published().for_list()


class CategoryProductList(ProductList):
    """The published products of a category and of those below it; 404 for an unknown one."""

    def get_queryset(self) -> ProductQuerySet:
        self.category: Category = get_object_or_404(
            Category.objects.select_related("parent"), slug=self.kwargs["slug"]
        )
        return super().get_queryset().below(self.category)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(category=self.category, **kwargs)


class ProductDetail(DetailView):
    """A published product; 404 for a draft."""

    template_name = "products/product.html"
    context_object_name = "product"

    def get_queryset(self) -> ProductQuerySet:
        return Product.objects.published().for_page()
