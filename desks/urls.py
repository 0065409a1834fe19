"""Addresses of the work area's home, and of the administrator's page of how things run."""

from django.urls import path

from desks import views
from desks.health import views as health

app_name = "desks"
urlpatterns = [
    path("desk/", views.home, name="home"),
    path("admin-desk/health/", health.health, name="health"),
    path("admin-desk/health/deliveries/<int:pk>/", health.send_again, name="send-again"),
    path("admin-desk/health/<slug:part>/again/", health.send_all_again, name="send-all-again"),
    path("admin-desk/health/checkpoints/<int:pk>/", health.verify, name="verify-checkpoint"),
]
