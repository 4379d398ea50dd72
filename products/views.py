"""Looking through the catalogue."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, ListView

from products.filtering import Filter
from products.models import Category, Product, ProductQuerySet


class ProductList(ListView):
    """All published products, narrowed to what the address asks for."""

    template_name = "products/product_list.html"
    context_object_name = "products"
    paginate_by = 24
    extra_context = {"categories": Category.objects.tree}

    def listed(self) -> ProductQuerySet:
        """What the list shows where nothing narrows it."""
        return Product.objects.published()

    def get_queryset(self) -> ProductQuerySet:
        self.filter = Filter(self.request.GET)
        self.unfiltered = self.listed()
        return self.filter.narrow(self.unfiltered).for_list()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facets = self.filter.facets(self.unfiltered)
        context: dict[str, Any] = {
            "filter": self.filter,
            "facets": facets,
            "chips": self.filter.chips(facets),
            "address_state": self.filter.state,
        }
        return super().get_context_data(**context, **kwargs)


class CategoryProductList(ProductList):
    """The published products of a category and of those below it; 404 for an unknown one."""

    def listed(self) -> ProductQuerySet:
        self.category: Category = get_object_or_404(
            Category.objects.select_related("parent__parent"), slug=self.kwargs["slug"]
        )
        return super().listed().below(self.category)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(category=self.category, **kwargs)


class ProductDetail(DetailView):
    """A published product; 404 for a draft."""

    template_name = "products/product.html"
    context_object_name = "product"

    def get_queryset(self) -> ProductQuerySet:
        return Product.objects.published().for_page()
