from django.urls import path

from core.search.views import SearchView, suggestions

urlpatterns = [
    path("", SearchView.as_view(), name="search"),
    path("suggestions/", suggestions, name="search-suggestions"),
]
