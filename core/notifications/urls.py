from django.urls import path

from core.notifications import views

app_name = "notifications"
urlpatterns = [
    path("inbox/", views.messages, name="inbox"),
    path("inbox/<int:pk>/", views.message, name="message"),
    path("inbox/read/", views.open_all, name="open-all"),
]
