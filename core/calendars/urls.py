"""The calendar for the administrator; the calculator for everyone is the registry's."""

from django.urls import path

from core.calendars import views

app_name = "calendars"
urlpatterns = [
    path("desk/calendar/", views.year, name="overview"),
    path("desk/calendar/<int:year>/", views.year, name="year"),
    path("desk/calendar/<int:year>/load/", views.load, name="load"),
    path("desk/calendar/<int:year>/confirm/", views.confirm, name="confirm"),
    path("desk/calendar/<int:year>/day/", views.override, name="override"),
]
