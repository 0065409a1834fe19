"""Addresses of the work area's home."""

from django.urls import path

from desks import views

app_name = "desks"
urlpatterns = [
    path("desk/", views.home, name="home"),
]
