from django.urls import path

from products import views

app_name = "products"
urlpatterns = [
    path("", views.ProductList.as_view(), name="list"),
    path("compare/", views.compare, name="compare"),
    path("category/<slug:slug>/", views.CategoryProductList.as_view(), name="category"),
    path("download/<int:product>/<int:pk>/", views.download, name="download"),
    path("<slug:slug>/", views.ProductDetail.as_view(), name="product"),
    path("<slug:slug>/datasheet/", views.datasheet, name="datasheet"),
]
