"""Addresses of the open data; all of them stand in anyang_sep/public.py."""

from django.urls import path

from registry.open_data import api, views

app_name = "open_data"
urlpatterns = [
    path("open-data/", views.home, name="home"),
    path("open-data/latest/<str:name>", views.latest, name="latest"),
    path("open-data/<int:edition>/<str:name>", views.of_edition, name="file"),
    path("open-data/changes/", views.changed, name="changes"),
    path("open-data/changes.atom", views.feed, name="feed"),
    path("api/v1/public/changes/", api.Changes.as_view(), name="api-changes"),
]
