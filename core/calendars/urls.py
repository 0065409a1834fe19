"""The calculator for everyone, the calendar for the administrator."""

from django.urls import path

from core.calendars import api, views

app_name = "calendars"
urlpatterns = [
    path("workdays/", views.workdays, name="workdays"),
    path("api/v1/workdays/", api.WorkdaysView.as_view(), name="api-workdays"),
    path("desk/calendar/", views.year, name="overview"),
    path("desk/calendar/<int:year>/", views.year, name="year"),
    path("desk/calendar/<int:year>/load/", views.load, name="load"),
    path("desk/calendar/<int:year>/confirm/", views.confirm, name="confirm"),
    path("desk/calendar/<int:year>/day/", views.override, name="override"),
]
