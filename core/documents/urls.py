from django.urls import path

from core.documents import views

app_name = "documents"
urlpatterns = [
    path("files/<uuid:pk>/", views.upload, name="upload"),
    path("papers/<str:reference>/pdf", views.paper, name="paper"),
]
