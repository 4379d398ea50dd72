from datetime import timedelta

from django.urls import path
from django.views.generic import TemplateView

from contacts import views
from core.page_cache.views import cached_page

app_name = "contacts"
contact_list = TemplateView.as_view(template_name="contacts/contact_list.html")
# It says who can be reached now.
keep_list = cached_page(lifetime=timedelta(minutes=1))
urlpatterns = [
    path("", keep_list(contact_list), name="list"),
    path("<int:pk>.vcf", views.vcard, name="vcard"),
    path("<int:pk>.svg", views.qr_code, name="qr_code"),
]
