"""Addresses of chapter 2: the officers' and what both sides share here, the agency's in urls_agency.py."""

from django.urls import include, path

from filings.views import (
    administrator,
    bureau,
    centre,
    county,
    criteria,
    expert,
    filing,
    filing_list,
    marks,
    part_marks,
    queue,
    shared,
)

app_name = "filings"

urlpatterns = [
    path("applications/", queue.applications, name="applications"),
    path("applications/<int:pk>/", shared.application, name="application"),
    path("applications/<int:pk>/transitions/<slug:name>/", shared.transition, name="transition"),
    path("applications/<int:pk>/transitions/<slug:name>/preview/", shared.preview, name="preview"),
    path("applications/<int:pk>/materials/<slug:key>/mark/", marks.mark, name="mark"),
    path("applications/<int:pk>/parts/<slug:key>/mark/", part_marks.mark, name="mark-part"),
    path("applications/<int:pk>/papers/<int:paper>/service/", county.record_service, name="service"),
    path("applications/<int:pk>/experts/", centre.assign_expert, name="assign-expert"),
    path("applications/<int:pk>/experts/<int:task>/withdraw/", centre.withdraw_expert, name="withdraw-expert"),
    path("applications/<int:pk>/qualification/", centre.upload_qualification, name="qualification"),
    path("applications/<int:pk>/visit/", centre.record_visit, name="record-visit"),
    path("applications/<int:pk>/report/", centre.write_report, name="write-report"),
    path("filings/", filing_list.filings, name="filings"),
    path("filings/<int:pk>/", filing.filing, name="filing"),
    path("quota/", centre.board, name="quota-board"),
    path("criteria/", criteria.criteria, name="criteria"),
    path("criteria/<int:pk>/end/", criteria.end_criterion, name="end-criterion"),
    path("expert/", expert.tasks, name="expert-tasks"),
    path("expert/tasks/<int:pk>/", expert.task, name="expert-task"),
    path("bureau/quota/", bureau.quota_years, name="quota-years"),
    path("bureau/quota/<int:pk>/<slug:name>/", bureau.act_on_quota, name="act-on-quota"),
    path("bureau/urgent/", bureau.urgent, name="urgent"),
    path("bureau/urgent/<int:pk>/end/", bureau.unlist_urgent, name="unlist-urgent"),
    path("admin-desk/serials/", administrator.serials, name="serials"),
    path("admin-desk/figures/", administrator.figures, name="figures"),
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
