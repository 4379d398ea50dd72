"""The pages of the catalogue, and its PDF files."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import DetailView

from core.confirmations import confirm
from core.http import is_same_origin
from core.page_cache.views import depend_on
from core.pagination import KeysetListView, KeysetPaginator
from core.taxonomy import Branch, find_branch
from core.text.directions import isolate
from products import page_cache
from products.comparison import MAX_PRODUCTS, Comparison, compare_url
from products.filters import ProductFilter
from products.models import Category, Download, Product
from products.packing import Packing, chosen_quantity
from products.queries import (
    find_category_tree,
    find_product,
    find_products,
    find_related,
)
from products.selection import read_selection, store_selection


class FilteredPaginator(KeysetPaginator):
    """Has few pages: who looks through hundreds of products is better served by another filter."""

    MAX_NUMBERED = 10


class ProductList(KeysetListView):
    """All published products, narrowed by the query string."""

    template_name = "products/product_list.html"
    context_object_name = "products"
    paginate_by = 24
    category_ids: list[int] | None = None  # those of all products

    @cached_property
    def categories(self) -> list[Branch]:
        return find_category_tree()

    def get_queryset(self) -> Any:
        self.filter = ProductFilter(self.request.GET)
        if not self.filter and not self.filter.sorting:
            return find_products(self.category_ids)
        return self.filter.select(self.category_ids).for_list()

    def get_paginator(self, *args: Any, **kwargs: Any) -> Paginator:
        return (FilteredPaginator if self.filter else KeysetPaginator)(*args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        has_more = context["paginator"].has_more
        is_short = self.filter.is_short(self.category_ids, has_more=has_more)
        facets = self.filter.facets(self.category_ids) if is_short else []
        return {
            **context,
            "categories": self.categories,
            "filter": self.filter,
            "facets": facets,
            "chips": self.filter.chips(facets),
            "sort_choices": self.filter.sort_choices(facets, is_short=is_short),
            "query_string": self.filter.query_string,
        }


class CategoryProductList(ProductList):
    """The published products of a category and its subcategories; 404 for an unknown one."""

    def get_queryset(self) -> Any:
        branch = find_branch(self.categories, self.kwargs["slug"])
        if branch is None:
            raise Http404
        self.category: Category = branch.category
        self.category_ids = branch.ids
        return super().get_queryset()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(category=self.category, **kwargs)


class ProductDetail(DetailView):
    """A published product; 404 for a draft."""

    template_name = "products/product.html"
    context_object_name = "product"

    def get_object(self, queryset: Any = None) -> Product:
        product = find_product(self.kwargs["slug"])
        if product is None:
            raise Http404
        return product

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        product = self.object
        depend_on(self.request, page_cache.related_tag(product.category_id))
        quantity = chosen_quantity(self.request.GET, product)
        return super().get_context_data(
            related=find_related(product),
            responsible=product.responsible_contacts,
            quantity=quantity,
            packing=Packing.of(product, quantity),
            **kwargs,
        )


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Products side by side; invalid parts of the query string are no error.

    Without a query string, the visitor's selection.
    """
    if not request.GET and (selected := read_selection(request)):
        return redirect(compare_url(product.slug for product in selected))
    comparison = Comparison(request.GET)
    context = {
        "comparison": comparison,
        "max_products": MAX_PRODUCTS,
        "query_string": comparison.query_string,
    }
    return render(request, "products/compare.html", context)


@csrf_exempt  # the pages contain no token, so that they are the same for all visitors
@never_cache
@require_POST
def select(request: HttpRequest) -> HttpResponse:
    """Change the visitor's selection, and confirm it on the page with the button.

    `product` is a slug; `compare` says whether to `add` it, `remove` it or `clear` everything.
    """
    product = Product.objects.published().find_by_slug(request.POST.get("product", ""))
    action = request.POST.get("compare", "add")
    if not is_same_origin(request):
        return redirect(compare_url([product.slug] if product else []))
    selected = read_selection(request)
    text, is_error = "", False
    if action == "clear":
        selected, text = [], _("The comparison is empty.")
    elif product is None:
        text, is_error = _("This product is no longer available."), True
    elif action == "remove":
        selected = [other for other in selected if other != product]
        text = _("Removed from the comparison: %(product)s.") % {"product": isolate(product.name)}
    elif product not in selected and len(selected) >= MAX_PRODUCTS:
        text = _("You can compare up to %(count)d products. Remove one first.")
        text, is_error = text % {"count": MAX_PRODUCTS}, True
    else:
        selected = list(dict.fromkeys([*selected, product]))
        text = _("Selected for comparison: %(product)s.") % {"product": isolate(product.name)}
    response = confirm(request, text, reverse("products:compare"), _("Compare"), is_error=is_error)
    store_selection(response, selected)
    return response


@csrf_exempt  # see above
@never_cache
@require_POST
def change_comparison(request: HttpRequest) -> HttpResponse:
    """Select the products `p` of a comparison, without the one to `remove`, and show them."""
    slugs = [slug for slug in request.POST.getlist("p") if slug != request.POST.get("remove")]
    comparison = Comparison(QueryDict(urlencode([("p", slug) for slug in slugs])))
    response = redirect(compare_url(comparison.slugs))
    if is_same_origin(request):
        store_selection(response, comparison.products)
    return response


@never_cache
@require_safe
def comparison_bar(request: HttpRequest) -> HttpResponse:
    """The part of a page that shows the visitor's selection; empty if there is none."""
    selected = read_selection(request)
    return render(request, "products/_comparison_bar.html", {"selected": selected})


@require_safe
def download(request: HttpRequest, product: int, pk: int) -> FileResponse:
    """A PDF file of a published product; 404 for any other, or if the file is missing."""
    downloads = Download.objects.filter(product__in=Product.objects.published(), product=product)
    found: Download = get_object_or_404(downloads.select_related("product"), pk=pk)
    return _pdf_response(found.file, f"{found.product.slug}-{found.kind}-{found.pk}.pdf")


@require_safe
def datasheet(request: HttpRequest, slug: str) -> FileResponse:
    """The data sheet of a published product; 404 if it has none."""
    product = get_object_or_404(Product.objects.published().exclude(datasheet=""), slug=slug)
    return _pdf_response(product.datasheet, f"{product.slug}-datasheet.pdf")


def _pdf_response(file: FieldFile, name: str) -> FileResponse:
    """The file as an attachment, so that no browser opens what was uploaded."""
    try:
        content = file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/pdf")
