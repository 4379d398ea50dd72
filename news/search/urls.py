from django.urls import path

from news.search.views import SearchView

urlpatterns = [path("", SearchView.as_view(), name="search")]
