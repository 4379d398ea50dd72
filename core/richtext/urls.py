from django.urls import path

from core.richtext import views

app_name = "richtext"
urlpatterns = [
    path("upload/", views.upload, name="upload"),
    path("pictures/", views.pictures, name="pictures"),
]
