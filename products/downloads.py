"""Papers go out as files to keep: no browser opens what was uploaded."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from products.models import Download, Product


@require_safe
def download(request: HttpRequest, product: int, pk: int) -> FileResponse:
    """A paper of a published product; 404 for any other, and for one whose file is lost."""
    papers = Download.objects.filter(product__in=Product.objects.published(), product=product)
    paper: Download = get_object_or_404(papers.select_related("product"), pk=pk)
    return _to_keep(paper.file, f"{paper.product.slug}-{paper.kind}-{paper.pk}.pdf")


@require_safe
def datasheet(request: HttpRequest, slug: str) -> FileResponse:
    """The data sheet of a published product; 404 where there is none."""
    product = get_object_or_404(Product.objects.published().exclude(datasheet=""), slug=slug)
    return _to_keep(product.datasheet, f"{product.slug}-datasheet.pdf")


def _to_keep(file: FieldFile, name: str) -> FileResponse:
    try:
        content = file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/pdf")
