"""Addresses of the agency's pages."""

from django.urls import path

from filings.views import (
    agency,
    agency_answers,
    agency_claim,
    agency_draft,
    agency_materials,
    agency_parts,
    agency_paste,
    agency_rows,
)

_APPLICATION = "applications/<int:pk>"
_DRAFT = f"{_APPLICATION}/draft"

urlpatterns = [
    path("desk/applications/", agency.applications, name="agency-applications"),
    path("desk/papers/", agency.papers, name="agency-papers"),
    path("desk/identity/", agency_claim.claim, name="agency-claim"),
    path("desk/identity/<slug:slot>/", agency_claim.paper, name="agency-claim-paper"),
    path("applications/new/", agency_draft.start, name="agency-start"),
    path(f"{_DRAFT}/", agency_draft.resume, name="agency-draft"),
    path(f"{_DRAFT}/rows/staff/paste/", agency_paste.paste, name="agency-paste"),
    path(f"{_DRAFT}/rows/<slug:rows>/", agency_rows.row_add, name="agency-row-add"),
    path(f"{_DRAFT}/rows/<slug:rows>/<int:row>/", agency_rows.row_save, name="agency-row"),
    path(f"{_DRAFT}/rows/<slug:rows>/<int:row>/remove/", agency_rows.row_remove, name="agency-row-remove"),
    path(f"{_DRAFT}/uploads/<slug:key>/", agency_materials.material, name="agency-material"),
    path(f"{_APPLICATION}/pledge-form/", agency_materials.blank_pledge, name="agency-pledge-form"),
    path(f"{_DRAFT}/<slug:key>/", agency_draft.step, name="agency-step"),
    path(f"{_DRAFT}/<slug:key>/checks/", agency_draft.checks, name="agency-checks"),
    path(f"{_APPLICATION}/answers/", agency_answers.answers, name="agency-answers"),
    path(f"{_APPLICATION}/answers/<slug:key>/form/", agency_parts.part, name="agency-part"),
    path(f"{_APPLICATION}/answers/<slug:key>/", agency_answers.answer, name="agency-answer"),
    path(f"{_APPLICATION}/extension/", agency_answers.extension, name="agency-extension"),
]
