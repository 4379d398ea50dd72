from django.urls import path
from django.views.generic import TemplateView

from contacts import views

app_name = "contacts"
urlpatterns = [
    path("", TemplateView.as_view(template_name="contacts/contact_list.html"), name="list"),
    path("<int:pk>.vcf", views.vcard, name="vcard"),
    path("<int:pk>.svg", views.qr_code, name="qr_code"),
]
