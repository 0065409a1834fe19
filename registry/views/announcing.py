"""The public pages of what is announced."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import select_template
from django.views.decorators.http import require_safe

from core.accounts.sessions import day_of
from core.publications.models import Publication
from core.web.pagination import by_key
from registry import (
    announcements,
    calendar,
    directory,
    lists,
    places,
    records,
)


@require_safe
def announcement_list(request: HttpRequest) -> HttpResponse:
    """Everything published, newest first, of one kind or of all; by key, since it only grows."""
    on = day_of(request)
    kinds = announcements.kinds()
    kind = request.GET.get("kind", "")
    chosen = kind if kind in dict(kinds) else ""
    page = by_key(announcements.announced(on, chosen), request.GET, key=announcements.ORDER)
    context = {"page": page, "rows": [announcements.shown(row) for row in page], "kinds": kinds, "kind": chosen}
    return render(request, "registry/announcements.html", context)


@require_safe
def announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """One announcement; each kind may bring a template of its own. 410 for one that was taken down."""
    on = day_of(request)
    row = get_object_or_404(Publication, pk=pk, published_on__lte=on)
    if announcements.is_gone(row, on):
        return render(request, "registry/announcements/gone.html", {"row": row}, status=410)
    context = {"row": row, **announcements.shown(row)}
    if row.kind == records.KIND:
        record = records.read(row.content, row.pk, row.published_on)
        found = directory.find(record.code, on)
        changes = found.changes if found else []
        change = next((one for one in changes if one.publication_id == row.pk), None)
        context |= {"record": record, "agency": found, "change": change}
    if row.kind == places.KIND:
        context["assigned"] = places.read(row)
    if row.kind == calendar.KIND:
        context["days"] = calendar.days_of(row)
    if "items" in row.content:
        context["items"] = lists.items(row)
    template = select_template([f"registry/announcements/{row.kind}.html", "registry/announcements/plain.html"])
    return HttpResponse(template.render(context, request))
