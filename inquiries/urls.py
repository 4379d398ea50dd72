from django.urls import path

from inquiries.asking import basket_views, status, views
from inquiries.replies import webhook

app_name = "inquiries"
urlpatterns = [
    path("", views.ask, name="form"),
    path("challenge/", views.challenge, name="challenge"),
    path("replies/", webhook.replies, name="replies"),
    path("basket/", basket_views.basket, name="basket"),
    path("status/<str:token>/", status.status, name="status"),
    path("status/<str:token>/files/<int:pk>/", status.attachment, name="attachment"),
    path("thanks/<str:token>/", views.thanks, name="thanks"),
]
