from django.urls import path

from inquiries.inbound_mail import webhook
from inquiries.views import basket, inquiry_form, status

app_name = "inquiries"
urlpatterns = [
    path("", inquiry_form.inquiry_form, name="form"),
    path("challenge/", inquiry_form.challenge, name="challenge"),
    path("replies/", webhook.receive_email, name="inbound_mail"),
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.add_to_basket, name="add_to_basket"),
    path("status/<str:token>/", status.status, name="status"),
    path("status/<str:token>/files/<int:pk>/", status.attachment, name="attachment"),
    path("status/<str:token>/files/<int:pk>/preview/", status.preview, name="preview"),
    path("thanks/<str:token>/", inquiry_form.thanks, name="thanks"),
]
