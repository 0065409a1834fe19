from django.urls import path

from core.web import views

app_name = "web"
urlpatterns = [
    path("favicon.ico", views.favicon, name="favicon"),
    path("session/", views.session, name="session"),
    path("desk/filters/", views.keep_filter, name="keep-filter"),
    path("desk/filters/<int:pk>/remove/", views.remove_filter, name="remove-filter"),
    path("style/", views.style, name="style"),
    path("style/upload/", views.style_upload, name="style-upload"),
]
