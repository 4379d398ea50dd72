"""The products of the demo company."""

from contacts.models import Contact
from demo.certificate import make_sample_certificate
from demo.files import create_by_slug, read_content, read_picture
from products.models import Category, Product


def create_products() -> None:
    content = read_content("products")
    contacts = {row["slug"]: row.pop("contacts", []) for row in content["categories"]}
    categories = create_by_slug(
        Category, [row | {"image": read_picture(row["image"])} for row in content["categories"]]
    )
    for slug, names in contacts.items():
        categories[slug].contacts.set(Contact.objects.filter(name__in=names))
    related: dict[str, list[str]] = {}
    for order, row in enumerate(content["products"], start=1):
        specifications, images = row.pop("specifications"), row.pop("images")
        variants, downloads = row.pop("variants", []), row.pop("downloads", [])
        related[row["slug"]] = row.pop("related_products", [])
        row["category"] = categories[row["category"]]
        product = Product.objects.create(order=order, **row)
        for position, fields in enumerate(specifications):
            product.specifications.create(order=position, **fields)
        for position, fields in enumerate(images):
            picture = read_picture(fields.pop("file"))
            product.images.create(order=position, image=picture, **fields)
        for position, fields in enumerate(variants):
            product.variants.create(order=position, **fields)
        for position, fields in enumerate(downloads):
            file = make_sample_certificate(product)
            product.downloads.create(order=position, file=file, **fields)
    for slug, others in related.items():
        chosen = Product.objects.filter(slug__in=others)
        Product.objects.get(slug=slug).related_products.set(chosen)
