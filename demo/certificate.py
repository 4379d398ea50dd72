"""A sample certificate: a PDF file with one page."""

from django.core.files.base import ContentFile

from products.models import Product

TEXT = (
    (64, 770, "B", 24, "SAMPLE"),
    (64, 738, "R", 11, "A sample for the demo site. This is not a valid certificate."),
    (64, 680, "B", 17, "Certificate of conformity"),
    (64, 640, "R", 12, "Machine:  {name}"),
    (64, 618, "R", 12, "Model number:  {sku}"),
    (64, 596, "R", 12, "Standard:  as tested by a certification body"),
    (64, 574, "R", 12, "Issued by:  not issued"),
    (64, 552, "R", 12, "Valid until:  not valid"),
    (64, 110, "R", 9, "Part of the demo content. Upload your own certificates in the admin."),
)


def make_sample_certificate(product: Product) -> ContentFile:
    """A sample certificate of `product`, as a PDF file of about two kilobytes."""
    lines = []
    for x, y, font, size, text in TEXT:
        text = text.format(name=product.name, sku=product.sku)
        for character in "\\()":
            text = text.replace(character, f"\\{character}")
        lines.append(f"BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET")
    frame = "0.06 0.18 0.26 rg 0.06 0.18 0.26 RG 2 w 40 70 515 750 re S"
    return ContentFile(_pdf("\n".join([frame, *lines])), name=f"{product.slug}-sample.pdf")


def _pdf(page: str) -> bytes:
    """A PDF file with one A4 page with these drawing instructions (ISO 32000-1, 7.5)."""
    content = page.encode("cp1252", "replace")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R"
        b" /Resources << /Font << /R 4 0 R /B 5 0 R >> >> >>",
        font % b"Helvetica",
        font % b"Helvetica-Bold",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    )
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer
