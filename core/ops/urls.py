"""For machines that watch machines."""

from django.urls import path

from core.ops import views

app_name = "ops"
urlpatterns = [
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
    path("metrics", views.figures, name="metrics"),
]
