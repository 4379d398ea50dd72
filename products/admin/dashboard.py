"""The catalogue's task on the admin's first page."""

from django.utils.translation import gettext_lazy as _

from core.admin.dashboard import Task, add_tasks

add_tasks(
    Task(
        order=60,
        permission="products.add_product",
        title=_("Add a product"),
        text=_("With images and technical data"),
        view_name="admin:products_product_add",
    )
)
