from django.urls import path

from core.page_cache.views import cached_page
from products import page_cache, views

app_name = "products"
keep_list = cached_page(
    page_cache.ALL, page_cache.LISTS, parameters=["q", "spec", "min", "max", "sort", "page"]
)
keep_product = cached_page(page_cache.ALL, page_cache.PRODUCT, parameters=["quantity"])
urlpatterns = [
    path("", keep_list(views.ProductList.as_view()), name="list"),
    path("compare/", views.compare, name="compare"),
    path("compare/select/", views.select, name="select"),
    path("compare/change/", views.change_comparison, name="change_comparison"),
    path("compare/bar/", views.comparison_bar, name="comparison_bar"),
    path("category/<slug:slug>/", keep_list(views.CategoryProductList.as_view()), name="category"),
    path("download/<int:product>/<int:pk>/", views.download, name="download"),
    path("<slug:slug>/", keep_product(views.ProductDetail.as_view()), name="product"),
    path("<slug:slug>/datasheet/", views.datasheet, name="datasheet"),
]
