"""Addresses of the public site and the public API; all of them stand in anyang_sep/public.py."""

from django.urls import path

from registry import api, views

app_name = "registry"
urlpatterns = [
    path("", views.home, name="home"),
    path("agencies/", views.agencies, name="agencies"),
    path("agencies/<str:code>/", views.agency, name="agency"),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verify_code, name="verify-code"),
    path("verify/<str:code>/receipt.pdf", views.receipt_pdf, name="receipt-pdf"),
    path("announcements/", views.announcement_list, name="announcements"),
    path("announcements/<int:pk>/", views.announcement, name="announcement"),
    path("guide/", views.show_guide, name="guide"),
    path("rules/", views.rules, name="rules"),
    path("api/v1/public/agencies/", api.AgencyList.as_view(), name="api-agencies"),
    path("api/v1/public/agencies/<str:code>/", api.AgencyDetail.as_view(), name="api-agency"),
    path("api/v1/public/verify/<str:code>/", api.VerifyCode.as_view(), name="api-verify"),
]
