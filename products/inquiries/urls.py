from django.urls import path

from products.inquiries import basket_views, status, views

app_name = "inquiries"
urlpatterns = [
    path("", views.ask, name="form"),
    path("challenge/", views.challenge, name="challenge"),
    path("basket/", basket_views.basket, name="basket"),
    path("status/<str:token>/", status.status, name="status"),
    path("status/<str:token>/files/<int:pk>/", status.attachment, name="attachment"),
    path("thanks/<str:token>/", views.thanks, name="thanks"),
]
