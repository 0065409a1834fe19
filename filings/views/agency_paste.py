"""People pasted from a spreadsheet: a preview of what was read, row by row; then those that can be are added."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from core.refusals import Refused
from filings.forms.staff_table import StaffTableForm
from filings.views import agency_common as common
from filings.views.agency_rows import rows_answer
from filings.views.agency_tables import PASTED
from filings.workflow.draft_rows import add_people


@require_POST
@common.for_acting
def paste(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the pasted rows say; with `add`, add those that can be read and leave the others in the box."""
    application = common.own_application(request, pk)
    occupations = [item.occupation for item in application.scope.select_related("occupation")]
    form = StaffTableForm(request.POST, application=application, occupations=occupations)
    if not form.is_valid() or "add" not in request.POST:
        return rows_answer(request, application, "staff", bound={("staff", PASTED): form})
    people, rest = [row.values for row in form.reading.read], form.reading.rest
    try:
        added = common.act("add_row", common.actor_of(request), application, add_people, people)
    except Refused as refused:
        return rows_answer(request, application, "staff", refused=refused, bound={("staff", PASTED): form})
    said = f"已添加 {added} 人。"
    if not rest:
        return rows_answer(request, application, "staff", said=said)
    again = StaffTableForm({"table": rest}, application=application, occupations=occupations)
    said += f"还有 {len(form.reading.left)} 行没有添加，留在下面的框里，改好再添加。"
    return rows_answer(request, application, "staff", bound={("staff", PASTED): again}, said=said)
