from django.urls import path

from products import comparing, downloads, views

app_name = "products"
urlpatterns = [
    path("", views.ProductList.as_view(), name="list"),
    path("compare/", comparing.compare, name="compare"),
    path("category/<slug:slug>/", views.CategoryProductList.as_view(), name="category"),
    path("download/<int:product>/<int:pk>/", downloads.download, name="download"),
    path("<slug:slug>/", views.ProductDetail.as_view(), name="product"),
    path("<slug:slug>/datasheet/", downloads.datasheet, name="datasheet"),
]
