"""The working-day calculator for everyone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.accounts.sessions import day_of
from core.calendars import grids
from core.calendars.calculator import reckon
from core.calendars.forms import WorkdaysForm
from core.refusals import Invalid
from registry.calendar import published
from regulation.workdays import Unit

# Longer lists of days are folded; far longer ones are left to the API.
MOST_OPEN, MOST_LISTED = 31, 800


@require_safe
def workdays(request: HttpRequest) -> HttpResponse:
    """The working-day calculator: a period explained day by day, its months drawn."""
    asked = "start" in request.GET
    today = day_of(request)
    form = WorkdaysForm(request.GET if asked else None, initial={"start": today, "amount": 5, "unit": Unit.WORKDAY})
    context: dict[str, Any] = {"form": form}
    if asked and form.is_valid():
        calendar = published(today)
        try:
            period = reckon(**form.cleaned_data, calendar=calendar)
        except Invalid as refused:
            form.refuse(refused.reasons)
        else:
            context |= {
                "period": period,
                "months": grids.months_of(period, calendar),
                "listed": len(period.days) <= MOST_LISTED,
                "open": len(period.days) <= MOST_OPEN,
                "api": f"{reverse('registry:api-workdays')}?{request.GET.urlencode()}",
            }
    return render(request, "registry/workdays.html", context, status=400 if form.errors else 200)
