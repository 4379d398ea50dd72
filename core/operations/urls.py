from django.urls import path

from core.operations.admin import views

urlpatterns = [
    path("", views.operations, name="operations"),
    path("emails/<int:pk>/send-again/", views.send_again, name="send_email_again"),
]
