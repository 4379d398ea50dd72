"""The basket's page. It works without JavaScript, and alone of the site's pages opens a session."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from inquiries.basket import Basket
from inquiries.forms.basket import AddForm, BasketForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def basket(request: HttpRequest) -> HttpResponse:
    """What is in the basket. `?add=<slug>` asks whether a product is to be put in.

    Product pages link there, rather than post: they are the same for everybody, and can be kept by
    caches, because no form's token and no count is in them.
    """
    basket = Basket(request.session)
    if request.method == "POST":
        return _change(request, basket)
    slug = request.GET.get("add", "")
    adding = AddForm.offering(basket, slug) if slug else None
    return _show(request, basket, adding=adding, is_gone=bool(slug) and adding is None)


def _change(request: HttpRequest, basket: Basket) -> HttpResponse:
    if key := request.POST.get("remove"):
        basket.remove(key)
        return redirect("inquiries:basket")
    if "product" in request.POST:
        adding = AddForm(basket, request.POST)
        if not adding.is_valid():
            gone = adding.asked_for is None
            shown = None if gone else adding
            return _show(request, basket, adding=shown, is_gone=gone, status=422)
        adding.save()
        return redirect("inquiries:basket")
    form = BasketForm(basket, request.POST)
    if not form.is_valid():
        return _show(request, basket, form=form, status=422)
    form.save()
    return redirect("inquiries:form" if "ask" in request.POST else "inquiries:basket")


def _show(
    request: HttpRequest,
    basket: Basket,
    form: BasketForm | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    context |= {"basket": basket, "form": form or BasketForm(basket)}
    return render(request, "inquiries/basket.html", context, status=status)
