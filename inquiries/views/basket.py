"""The pages of the basket, which work without JavaScript."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from core.confirmations import confirm, wants_json
from core.http import is_same_origin
from core.text.directions import isolate
from inquiries.basket import Basket, with_basket
from inquiries.forms.basket import AddToBasketForm, BasketForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_basket
def basket(request: HttpRequest, basket: Basket) -> HttpResponse:
    """Show and change the basket; `?add=<slug>&variant=<pk>` shows the form to add a product."""
    if request.method == "POST":
        if request.POST.get("remove"):
            return _remove(request, basket)
        return _add(request, basket) if "product" in request.POST else _change(request, basket)
    slug, variant = request.GET.get("add", ""), request.GET.get("variant", "")
    add_form = AddToBasketForm.for_slug(basket, slug, variant) if slug else None
    is_unavailable = bool(slug) and add_form is None
    return _render(request, basket, add_form=add_form, is_unavailable=is_unavailable)


@csrf_exempt  # product pages contain no token, so that they are the same for all visitors
@never_cache
@require_POST
@with_basket
def add_to_basket(request: HttpRequest, basket: Basket) -> HttpResponse:
    """Add the product whose slug is sent as `product`, and confirm it on the visitor's page.

    The primary key of one of its variants may be sent as `variant`.

    Without a `quantity`, that of a product in the basket does not change, and that of another one
    is its minimum order. If the browser does not confirm that a page of this site sent the form,
    the visitor is asked to confirm.
    """
    slug, variant = request.POST.get("product", ""), request.POST.get("variant", "")
    if not is_same_origin(request):
        query = {"add": slug} | ({"variant": variant} if variant else {})
        return redirect(f"{reverse('inquiries:basket')}?{urlencode(query)}")
    form = AddToBasketForm.for_slug(basket, slug, variant)
    if form is None:
        if wants_json(request):
            return _confirm(request, _("This product is no longer available."), is_error=True)
        return _render(request, basket, is_unavailable=True, status=422)
    quantity = request.POST.get("quantity") or form.initial["quantity"]
    bound = AddToBasketForm(basket, {**form.initial, "quantity": quantity})
    if not bound.is_valid():
        if wants_json(request):
            return _confirm(request, bound.first_error, is_error=True)
        return _render(request, basket, add_form=bound, status=422)
    bound.save()
    product = bound.cleaned_data["product"]
    quantity = bound.cleaned_data["quantity"]
    text = _("In your inquiry list: %(product)s, %(quantity)s.") % {
        "product": isolate(bound.text),
        "quantity": isolate(f"{quantity} {product.unit}"),
    }
    return _confirm(request, text)


def _confirm(request: HttpRequest, text: str, *, is_error: bool = False) -> HttpResponse:
    return confirm(
        request, text, reverse("inquiries:basket"), _("View inquiry list"), is_error=is_error
    )


def _remove(request: HttpRequest, basket: Basket) -> HttpResponse:
    basket.remove(request.POST["remove"])
    return redirect("inquiries:basket")


def _add(request: HttpRequest, basket: Basket) -> HttpResponse:
    form = AddToBasketForm(basket, request.POST)
    if form.is_valid():
        form.save()
        return redirect("inquiries:basket")
    if form.chosen_product is None:
        return _render(request, basket, is_unavailable=True, status=422)
    return _render(request, basket, add_form=form, status=422)


def _change(request: HttpRequest, basket: Basket) -> HttpResponse:
    form = BasketForm(basket, request.POST)
    if not form.is_valid():
        if wants_json(request):
            errors = {name: errors[0] for name, errors in form.errors.items()}
            return JsonResponse({"errors": errors}, status=422)
        return _render(request, basket, form=form, status=422)
    form.save()
    if wants_json(request):
        return JsonResponse({"html": _("Your quantities are saved.")})
    return redirect("inquiries:form" if "ask" in request.POST else "inquiries:basket")


def _render(
    request: HttpRequest,
    basket: Basket,
    form: BasketForm | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    context |= {"basket": basket, "form": form or BasketForm(basket)}
    return render(request, "inquiries/basket.html", context, status=status)
