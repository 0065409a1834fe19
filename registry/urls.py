"""Addresses of the public site and the public API; all of them stand in anyang_sep/public.py."""

from django.urls import path

from registry import announcements_api, api, explained, places_api, views

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
    path("guide/pledge.pdf", views.pledge_sample, name="pledge-sample"),
    path("guide/samples/<slug:key>/", views.sample, name="sample"),
    path("guide/places/", views.free_places, name="places"),
    path("guide/terms/", explained.terms, name="terms"),
    path("complaints/", views.complaint_channels, name="complaint"),
    path("rules/", views.rules, name="rules"),
    path("explain/<str:key>/", explained.explain, name="explain"),
    path("api/v1/public/agencies/", api.AgencyList.as_view(), name="api-agencies"),
    path("api/v1/public/agencies/<str:code>/", api.AgencyDetail.as_view(), name="api-agency"),
    path("api/v1/public/verify/", api.VerifyPdf.as_view(), name="api-verify-pdf"),
    path("api/v1/public/verify/<str:code>/receipt.pdf", api.ReceiptPdf.as_view(), name="api-receipt"),
    path("api/v1/public/announcements/", announcements_api.Announcements.as_view(), name="api-announcements"),
    path("api/v1/public/announcements/<int:pk>/", announcements_api.Announcement.as_view(), name="api-announcement"),
    path("api/v1/public/urgent/", announcements_api.Urgent.as_view(), name="api-urgent"),
    path("api/v1/public/places/", places_api.Places.as_view(), name="api-places"),
    path("api/v1/public/criteria/", announcements_api.Criteria.as_view(), name="api-criteria"),
    path("api/v1/public/verify/<str:code>/", api.VerifyCode.as_view(), name="api-verify"),
]
