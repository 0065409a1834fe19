"""Addresses of the public site and the public API; all of them stand in anyang_sep/public.py."""

from django.urls import path

from registry import announcements_api, api, explained, feeds, places_api, verification_api, workdays_api
from registry.subscriptions import views as subscriptions
from registry.views import announcing, guiding, look_up, reckoning, verifying

app_name = "registry"
urlpatterns = [
    path("", look_up.home, name="home"),
    path("agencies/", look_up.agencies, name="agencies"),
    path("agencies/suggest/", look_up.suggest, name="suggest"),
    path("agencies/<str:code>/", look_up.agency, name="agency"),
    path("verify/", verifying.verify, name="verify"),
    path("verify/<str:code>/", verifying.verify_code, name="verify-code"),
    path("verify/<str:code>/receipt.pdf", verifying.receipt_pdf, name="receipt-pdf"),
    path("announcements/", announcing.announcement_list, name="announcements"),
    path("announcements/feed/", feeds.AnnouncementFeed(), name="announcement-feed"),
    path("announcements/<int:pk>/", announcing.announcement, name="announcement"),
    path("announcements/subscriptions/", subscriptions.subscribe, name="subscribe"),
    path("announcements/subscriptions/<str:token>/", subscriptions.confirm, name="confirm-subscription"),
    path("announcements/unsubscribe/<str:token>/", subscriptions.unsubscribe, name="unsubscribe"),
    path("guide/", guiding.show_guide, name="guide"),
    path("guide/pledge.pdf", guiding.pledge_sample, name="pledge-sample"),
    path("guide/samples/<slug:key>/", guiding.sample, name="sample"),
    path("guide/places/", guiding.free_places, name="places"),
    path("guide/terms/", explained.terms, name="terms"),
    path("complaints/", guiding.complaint_channels, name="complaint"),
    path("workdays/", reckoning.workdays, name="workdays"),
    path("api/v1/workdays/", workdays_api.Workdays.as_view(), name="api-workdays"),
    path("rules/", guiding.rules, name="rules"),
    path("explain/<str:key>/", explained.explain, name="explain"),
    path("api/v1/public/agencies/", api.AgencyList.as_view(), name="api-agencies"),
    path("api/v1/public/suggestions/", api.Suggestions.as_view(), name="api-suggestions"),
    path("api/v1/public/agencies/<str:code>/", api.AgencyDetail.as_view(), name="api-agency"),
    path("api/v1/public/verify/", verification_api.VerifyPdf.as_view(), name="api-verify-pdf"),
    path("api/v1/public/verify/<str:code>/receipt.pdf", verification_api.ReceiptPdf.as_view(), name="api-receipt"),
    path("api/v1/public/announcements/", announcements_api.Announcements.as_view(), name="api-announcements"),
    path("api/v1/public/announcements/<int:pk>/", announcements_api.Announcement.as_view(), name="api-announcement"),
    path("api/v1/public/urgent/", announcements_api.Urgent.as_view(), name="api-urgent"),
    path("api/v1/public/places/", places_api.Places.as_view(), name="api-places"),
    path("api/v1/public/criteria/", announcements_api.Criteria.as_view(), name="api-criteria"),
    path("api/v1/public/verify/<str:code>/", verification_api.VerifyCode.as_view(), name="api-verify"),
]
