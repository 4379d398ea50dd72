from django.urls import path

from products import views

app_name = "products"
urlpatterns = [
    path("", views.ProductList.as_view(), name="list"),
    path("category/<slug:slug>/", views.CategoryProductList.as_view(), name="category"),
    path("<slug:slug>/", views.ProductDetail.as_view(), name="product"),
]
