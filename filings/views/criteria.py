"""评估标准: every version with its days, for the centre; its chief publishes and ends them (M11)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import OrganisationKind
from core.accounts.sessions import signed_in
from core.refusals import Refused
from core.workflow.attempts import attempt
from filings import permissions
from filings.criteria import sets
from filings.forms.officers_settings import CriterionForm
from filings.models import Criterion
from filings.views.common import asking, saved
from filings.workflow import places

CENTRE = OrganisationKind.CENTRE


@require_http_methods(["GET", "POST"])
@signed_in(CENTRE)
def criteria(request: HttpRequest) -> HttpResponse:
    """What holds, held and will hold; the chief publishes from here."""
    actor, on = asking(request)
    form = CriterionForm(request.POST if request.method == "POST" else None, initial={"since": on})
    if saved(request, form, "filings.criterion.publish", places.publish_criterion, "标准已公布。"):
        return redirect("filings:criteria")
    rows = list(Criterion.objects.order_by("-since", "key"))
    now = [one for one in rows if one.since <= on and (one.until is None or one.until >= on)]
    found = sets(rows)
    context = {
        "sets": [(one, one.holds(on)) for one in found],
        "form": form,
        "rows": rows,
        "now": [one.pk for one in now],
        "full": sum(one.full_marks for one in now),
        "may": permissions.heads_centre(actor),
    }
    return render(request, "filings/criteria.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in(CENTRE)
def end_criterion(request: HttpRequest, pk: int) -> HttpResponse:
    """End a criterion."""
    actor, on = asking(request)
    row = get_object_or_404(Criterion, pk=pk)
    try:
        attempt("filings.criterion.end", actor, row, places.end_criterion, row, actor=actor, on=on)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason.text)
    else:
        messages.success(request, "已停用，今天为最后一日。")
    return redirect("filings:criteria")
