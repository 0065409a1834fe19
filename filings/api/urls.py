"""Addresses of chapter 2 in the API, below /api/v1/."""

from django.urls import include, path

from filings.api import applications, assessment, claims, materials, places, reference, rows, transitions

application_patterns = [
    path("", applications.ApplicationList.as_view()),
    path("<int:pk>/", applications.ApplicationDetail.as_view()),
    *rows.patterns(),
    path("<int:pk>/checks/", applications.Checks.as_view()),
    path("<int:pk>/clocks/", applications.Clocks.as_view()),
    path("<int:pk>/timeline/", applications.Timeline.as_view()),
    path("<int:pk>/documents/", applications.Documents.as_view()),
    path("<int:pk>/documents/<int:document>/service/", materials.RecordService.as_view()),
    path("<int:pk>/proposals/", applications.Proposals.as_view()),
    path("<int:pk>/materials/", materials.MaterialList.as_view()),
    path("<int:pk>/materials/<slug:material>/", materials.MaterialDetail.as_view()),
    path("<int:pk>/materials/<slug:material>/mark/", materials.Mark.as_view()),
    path("<int:pk>/parts/", materials.PartList.as_view()),
    path("<int:pk>/parts/<slug:part>/mark/", materials.PartMarkDetail.as_view()),
    path("<int:pk>/requests/", materials.RequestList.as_view()),
    path("<int:pk>/requests/<int:request_id>/extension/", materials.AskExtension.as_view()),
    path("<int:pk>/requests/<int:request_id>/items/<slug:item>/", materials.Answer.as_view()),
    path("<int:pk>/assessment/", assessment.AssessmentDetail.as_view()),
    path("<int:pk>/overrides/", assessment.Overrides.as_view()),
    path("<int:pk>/assessment/qualification/", assessment.Qualification.as_view()),
    path("<int:pk>/assessment/experts/", assessment.AssignExpert.as_view()),
    path("<int:pk>/assessment/experts/<int:task>/withdraw/", assessment.WithdrawExpert.as_view()),
    path("<int:pk>/assessment/visit/", assessment.Visit.as_view()),
    path("<int:pk>/assessment/report/", assessment.Report.as_view()),
    path("<int:pk>/transitions/", transitions.Transitions.as_view()),
    *transitions.patterns(),
]

urlpatterns = [
    path("applications/", include(application_patterns)),
    path("proposals/", applications.ProposalsToDecide.as_view()),
    path("expert-tasks/", assessment.OwnTasks.as_view()),
    path("expert-tasks/<int:pk>/sheet/", assessment.Sheet.as_view()),
    path("overrides/", assessment.OpenOverrides.as_view()),
    path("experts/", assessment.Experts.as_view()),
    path("criteria/", places.Criteria.as_view()),
    path("criteria/<int:pk>/end/", places.EndCriterion.as_view()),
    path("quota/board/", places.Board.as_view()),
    path("quota/years/", places.QuotaYears.as_view()),
    path("quota/proposals/", places.QuotaProposals.as_view()),
    path("urgent/", places.Urgent.as_view()),
    path("urgent/<int:pk>/end/", places.EndUrgent.as_view()),
    path("serials/", places.Serials.as_view()),
    path("claims/", claims.ClaimList.as_view()),
    path("claims/papers/<slug:slot>/", claims.ClaimPaper.as_view()),
    path("claims/<int:pk>/", claims.ClaimDetail.as_view()),
    path("claims/<int:pk>/confirm/", claims.Confirm.as_view()),
    path("claims/<int:pk>/reject/", claims.Reject.as_view()),
    path("me/", reference.Me.as_view()),
    path("areas/", reference.Areas.as_view()),
    path("occupations/", reference.Occupations.as_view()),
]
