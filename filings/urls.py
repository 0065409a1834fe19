"""Addresses of chapter 2: the officers' and what both sides share here, the agency's in urls_agency.py."""

from django.urls import include, path

from filings.views import county, queue, shared

app_name = "filings"

urlpatterns = [
    path("applications/", queue.applications, name="applications"),
    path("applications/<int:pk>/", shared.application, name="application"),
    path("applications/<int:pk>/transitions/<slug:name>/", shared.transition, name="transition"),
    path("applications/<int:pk>/transitions/<slug:name>/preview/", shared.preview, name="preview"),
    path("applications/<int:pk>/materials/<slug:key>/mark/", county.mark, name="mark"),
    path("applications/<int:pk>/papers/<int:paper>/service/", county.record_service, name="service"),
    path("claims/", county.claims, name="claims"),
    path("claims/<int:pk>/", county.claim, name="claim"),
    path("claims/<int:pk>/<slug:name>/", county.act_on_claim, name="act-on-claim"),
    path("proposals/<int:pk>/", shared.proposal, name="proposal"),
    path("proposals/<int:pk>/preview/", shared.proposal_preview, name="proposal-preview"),
    path("proposals/<int:pk>/decide/", shared.decide, name="proposal-decide"),
    path("proposals/<int:pk>/return/", shared.send_back, name="proposal-return"),
    path("proposals/<int:pk>/take-back/", shared.take_back, name="proposal-take-back"),
    path("", include("filings.urls_agency")),
]
