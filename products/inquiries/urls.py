from django.urls import path

from products.inquiries import views

app_name = "inquiries"
urlpatterns = [
    path("", views.ask, name="form"),
    path("thanks/<str:token>/", views.thanks, name="thanks"),
]
