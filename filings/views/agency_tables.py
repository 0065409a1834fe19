"""The agency's tables as the wizard and a correction's pages show them: each row with its form, one for a new row."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from core.reference.models import Occupation
from filings import m7
from filings.corrections import open_parts
from filings.enums import ApplicationState
from filings.forms import draft_rows
from filings.forms.staff_table import StaffTableForm
from filings.models import Application
from filings.workflow.draft_rows import version
from regulation.thresholds import M7_WINDOW_YEARS, THRESHOLDS

# Forms that came back with something wrong, by (table, row's pk; 0 for a new one, or the occupation of a new record).
Bound = Mapping[tuple[str, Any], Any]
# In the place of a row's pk: the box that a table is pasted into.
PASTED = "pasted"


def rows_of(application: Application, key: str, on: datetime.date, bound: Bound) -> dict[str, Any]:
    """What the step `key` shows of its table: each row with its form, the form of a new one, and what is open."""
    open_now = open_parts(application)
    if key == "occupations":
        shown = _occupations(application, on, bound)
    elif key == "sites":
        shown = _sites(application, on, bound)
    else:
        shown = _people(application, on, bound)
    return {**shown, "open_now": open_now}


def scope_sites(application: Application) -> Any:
    """The sites that an occupation's form offers; None in a draft, whose step of the sites names the occupations."""
    return None if application.state == ApplicationState.DRAFT else application.sites.all()


def _row_form(rows: str, row: Any, bound: Bound, make: Any) -> dict[str, Any]:
    """A row with its form, the mark for stale saves, and its addresses."""
    form = bound.get((rows, row.pk)) or make(instance=row, auto_id=f"id_{rows}-{row.pk}-%s")
    args = [row.application_id, rows, row.pk]
    return {
        "row": row,
        "form": form,
        "version": version(row, form.names),
        "url": reverse("filings:agency-row", args=args),
        "remove_url": reverse("filings:agency-row-remove", args=args),
    }


def _occupations(application: Application, on: datetime.date, bound: Bound) -> dict[str, Any]:
    records = list(application.records.all())
    sites = scope_sites(application)
    items = []
    for item in application.scope.select_related("occupation"):
        own = [record for record in records if record.occupation_id == item.occupation_id]
        shown = _row_form("scope", item, bound, lambda **kwargs: draft_rows.ScopeForm(sites=sites, on=on, **kwargs))
        shown["records"] = [
            _row_form("records", record, bound, lambda **kwargs: draft_rows.RecordForm(on=on, **kwargs))
            for record in own
        ]
        shown["new_record"] = bound.get(("records", item.occupation_id)) or draft_rows.RecordForm(
            on=on, initial=_next_span(own, on), auto_id=f"id_new-record-{item.pk}-%s"
        )
        shown["total"] = m7.person_times(own, item.occupation_id, on)
        items.append(shown)
    return {
        "application": application,
        "items": items,
        "needed": THRESHOLDS["m7_person_times"].figure,
        "window_start": m7.years_before(on, M7_WINDOW_YEARS),
        "occupation_form": bound.get(("scope", 0)) or draft_rows.OccupationForm(),
        "occupations": Occupation.objects.filter(active=True).exclude(scopeitem__application=application),
    }


def _next_span(records: list[Any], on: datetime.date) -> dict[str, datetime.date]:
    """A year to suggest: the first whole month of the window, then from where the last line ended."""
    start = m7.years_before(on, M7_WINDOW_YEARS)
    first = datetime.date(start.year + start.month // 12, start.month % 12 + 1, 1)
    since = max([first, *(record.until + datetime.timedelta(days=1) for record in records)])
    if since >= on:
        return {}
    return {"since": since, "until": min(m7.years_before(since, -1) - datetime.timedelta(days=1), on)}


def _sites(application: Application, on: datetime.date, bound: Bound) -> dict[str, Any]:
    scope = application.scope.select_related("occupation")

    def make(**kwargs: Any) -> draft_rows.SiteForm:
        return draft_rows.SiteForm(scope=scope, on=on, **kwargs)

    first = not application.sites.exists()
    initial = {
        "area": application.area_id,
        "address": application.address if first else "",
        "scope": [item.pk for item in scope],
    }
    return {
        "application": application,
        "items": [_row_form("sites", site, bound, make) for site in application.sites.select_related("area")],
        "new": bound.get(("sites", 0)) or make(initial=initial, auto_id="id_new-site-%s"),
        "scope_empty": not scope,
    }


def _people(application: Application, on: datetime.date, bound: Bound) -> dict[str, Any]:
    occupations = [item.occupation for item in application.scope.select_related("occupation")]

    def make(**kwargs: Any) -> draft_rows.StaffForm:
        return draft_rows.StaffForm(occupations=occupations, on=on, **kwargs)

    return {
        "application": application,
        "items": [_row_form("staff", person, bound, make) for person in application.staff.order_by("id")],
        "new": bound.get(("staff", 0)) or make(auto_id="id_new-person-%s"),
        "paste": bound.get(("staff", PASTED)) or StaffTableForm(application=application, occupations=occupations),
    }
