from django.urls import path

from core.search.views import SearchView

urlpatterns = [path("", SearchView.as_view(), name="search")]
