"""The calendar through the API: the same rows refused or taken as on the page, previewed and carried out alike."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.calendars.models import CalendarDay, CalendarYear
from core.deadlines.models import Clock
from tests.core.calendars.conftest import YEAR_2027
from tests.world import submitted

pytestmark = pytest.mark.django_db
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"


def rows_2027():
    kinds = {"放假": "holiday", "补班": "makeup"}
    for line in YEAR_2027.splitlines()[1:]:
        date, kind, name = line.split(",")
        yield {"date": date, "kind": kinds[kind], "name": name}


def ways(call):
    """The three ways to hand a year in."""
    admin = call("operator administrator")

    def send(at, how, **more):
        if how == "file":
            table = SimpleUploadedFile("2027.csv", YEAR_2027.encode("gb18030"))
            return admin.call("POST", at, {"source": SOURCE, "file": table, **more}, form="multipart")
        given = {"text": YEAR_2027} if how == "text" else {"rows": list(rows_2027())}
        return admin.call("POST", at, {"source": SOURCE, **given, **more})

    return send


@pytest.mark.parametrize("how", ["text", "rows", "file"])
def test_a_year_is_previewed_and_loaded(world, call, how):
    send = ways(call)
    preview = send("calendar/2027/load/preview/", how)
    assert (preview["days"], len(preview["changes"])) == (31, 31)
    assert not CalendarYear.objects.filter(pk=2027).exists()
    loaded = send("calendar/2027/load/", how, seen=preview["seen"])
    assert (loaded["added"], loaded["changed"], loaded["removed"]) == (31, 0, 0)
    year = call("operator administrator").call("GET", "calendar/2027/")
    assert (year["status"], year["source"], len(year["days"])) == ("announced", SOURCE, 31)
    assert year["history"][0]["by"] == "operator administrator"
    assert [one["year"] for one in call("operator administrator").call("GET", "calendar/")] == [2026, 2027]


def test_a_picture_that_has_changed_since_is_refused(world, call):
    send, admin = ways(call), call("operator administrator")
    seen = send("calendar/2027/load/preview/", "text")["seen"]
    send("calendar/2027/load/", "text")
    body = {"source": SOURCE, "text": YEAR_2027, "seen": seen}
    assert admin.call("POST", "calendar/2027/load/", body, status=409)["reasons"][0]["code"] == "stale"


def test_one_rule_for_lines_and_rows(world, call):
    admin, rows = call("operator administrator"), list(rows_2027())
    rows[0]["kind"] = "makeup"  # a Friday, and New Year's Day
    refused = admin.call("POST", "calendar/2027/load/", {"source": SOURCE, "rows": rows}, status=422)
    assert "补班只能在周末" in refused["reasons"][0]["text"]
    lines = YEAR_2027.replace("2027-01-01,放假", "2027-01-01,补班")
    assert admin.call("POST", "calendar/2027/load/", {"source": SOURCE, "text": lines}, status=422)
    twice = {"source": SOURCE, "text": YEAR_2027, "rows": rows}
    assert admin.call("POST", "calendar/2027/load/", twice, status=400)["reasons"][0]["code"] == "one_of_two"
    admin.call("POST", "calendar/1999/load/", {"source": SOURCE, "text": YEAR_2027}, status=404)


def test_a_year_is_confirmed_as_reckoned_once(world, call):
    admin, body = call("operator administrator"), {"reason": "通知迟迟未发"}
    assert admin.call("GET", "calendar/2027/")["status"] == "provisional"
    assert admin.call("POST", "calendar/2027/confirm/preview/", body)["days"] == 6
    assert admin.call("POST", "calendar/2027/confirm/", body)["added"] == 6
    assert admin.call("POST", "calendar/2027/confirm/", body, status=409)["reasons"][0]["code"] == "loaded"
    assert admin.call("GET", "calendar/2029/")["against_confirming"][0]["code"] == "too_far"


def test_an_overridden_day_moves_the_clocks_that_the_preview_named(world, call):
    application, admin = submitted(world), call("operator administrator")
    body = {"date": "2026-09-21", "kind": "holiday", "name": "临时放假", "note": "通知"}
    preview = admin.call("POST", "calendar/override/preview/", body)
    assert preview["moved"] == 1
    assert (preview["moves"][0]["matter_id"], preview["moves"][0]["new_end"]) == (str(application.pk), "2026-09-28")
    assert Clock.objects.get().due_on.isoformat() == "2026-09-24"
    admin.call("POST", "calendar/override/", {**body, "seen": preview["seen"]})
    assert Clock.objects.get().due_on.isoformat() == "2026-09-28"
    admin.call("POST", "calendar/override/", {**body, "kind": "", "name": ""})
    assert not CalendarDay.objects.filter(date="2026-09-21").exists()
    history = admin.call("GET", "calendar/2026/")["history"]
    assert [(one["date"], one["kind"]) for one in history] == [("2026-09-21", ""), ("2026-09-21", "holiday")]
    admin.call("POST", "calendar/override/", {**body, "date": "2031-01-01"}, status=422)
