from django.urls import path

from products.inquiries import status, views

app_name = "inquiries"
urlpatterns = [
    path("", views.ask, name="form"),
    path("status/<str:token>/", status.status, name="status"),
    path("thanks/<str:token>/", views.thanks, name="thanks"),
]
