"""Service of papers through the API: a day in time though recorded late, and what came too late; announcements."""

import datetime
import json

import pytest
import time_machine

from core.clock.clock import SHANGHAI
from core.deadlines import lapses
from core.documents.models import OfficialDocument
from filings import workflow
from tests.filings.api.calls import caller
from tests.filings.workflow.test_assignments import made
from tests.filings.workflow.test_clerical import correct
from tests.filings.workflow.test_setting_aside import REFUSAL, set_aside
from tests.world import DAY, assessing, decide, file, filed, mark_all, submitted

LAST = datetime.date(2026, 9, 24)
AFTER = datetime.date(2026, 9, 25)


@pytest.fixture
def notice(world):
    """A correction notice issued to an agency without consent to the portal."""
    world.organisation("agency admin").consents.update(withdrawn_on="2026-01-01")
    application = submitted(world)
    mark_all(world, application, bad=("venue",))
    county = world.actor("county handler")
    workflow.request_correction(application, actor=county, on=county.on, days=15)
    return application, OfficialDocument.objects.get(series="correction")


def record(world, notice, on=AFTER, *, status=200, key="", **body):
    """Record service on that day; return the answer."""
    application, paper = notice
    sent = {"method": "hand", "served_on": LAST.isoformat(), "proof": file("回证.pdf"), **body}
    with time_machine.travel(datetime.datetime.combine(on, datetime.time(10), SHANGHAI), tick=False):
        return caller(world, "county handler").call(
            "POST",
            f"applications/{application.pk}/documents/{paper.pk}/service/",
            sent,
            status=status,
            form="multipart",
            key=key,
        )


@pytest.mark.parametrize("key", ["", "a-key"])
def test_service_in_time_takes_effect_though_recorded_a_day_later(world, notice, key):
    answer = record(world, notice, key=key)
    assert (answer["service"]["took_effect"], answer["service"]["no_effect"]) == (True, "")
    notice[0].refresh_from_db()
    assert notice[0].state == "correcting"


def test_what_the_sweep_has_done_stands_and_the_answer_says_so(world, notice, call):
    lapses.sweep(AFTER)
    answer = record(world, notice)
    assert not answer["service"]["took_effect"]
    assert "视为受理" in answer["service"]["no_effect"]
    notice[0].refresh_from_db()
    assert notice[0].state == "accepted"
    asked = call("county handler").call("GET", f"applications/{notice[0].pk}/requests/")
    assert [one["overtaken"] for one in asked] == [True]


def test_an_announcement_needs_what_was_tried(world, notice):
    posted = {"method": "announcement", "served_on": "2026-09-18"}
    on = datetime.date(2026, 9, 21)
    refused = record(world, notice, on, status=409, **posted)
    assert [reason["field"] for reason in refused["reasons"]] == ["attempts-hand", "attempts-post", "attempts-witness"]
    record(world, notice, on, status=400, **posted, attempts="[")
    record(world, notice, on, status=400, **posted, attempts=json.dumps([{"method": "portal"}]))
    tried = [{"method": way, "on": "2026-09-18", "why": "查无此人"} for way in ("hand", "post", "witness")]
    answer = record(world, notice, on, **posted, attempts=json.dumps(tried))
    assert answer["service"]["attempts"] == tried
    assert (answer["service"]["served_on"], answer["service"]["took_effect"]) == ("2026-10-18", False)


def test_a_paper_of_an_assignment_is_served_by_the_centre_alone(world, call):
    world.organisation("agency admin").consents.update(withdrawn_on="2026-01-01")
    row = made(world, filed(world))
    (paper,) = call("other county handler").call("GET", f"assignments/{row.pk}/documents/")
    assert paper["service"] is None
    address = f"assignments/{row.pk}/documents/{paper['id']}/service/"
    sent = {"method": "witness", "served_on": "2026-09-18"}
    for who, status in (("agency admin", 403), ("county handler", 403), ("rival admin", 404)):
        call(who).call("POST", address, {**sent, "proof": file("见证.pdf")}, status=status, form="multipart")
    answer = call("centre handler").call("POST", address, {**sent, "proof": file("见证.pdf")}, form="multipart")
    assert (answer["service"]["method"], answer["service"]["took_effect"]) == ("witness", True)
    other = f"assignments/{row.pk}/documents/{paper['id'] - 1}/service/"
    call("centre handler").call("POST", other, {**sent, "proof": file("见证.pdf")}, status=404, form="multipart")


def test_what_was_corrected_or_set_aside_is_served_no_more(world, call):
    world.organisation("agency admin").consents.update(withdrawn_on="2026-01-01")
    application = assessing(world)
    decide(world, application, "refuse", "centre", DAY, **REFUSAL)
    old = OfficialDocument.objects.get(series="refusal")
    correct(world, old, {"reasons.0.text": "考评场地不符合标准"}, on=LAST)
    new = old.successors.get()

    def refused(paper) -> list[str]:
        address = f"applications/{application.pk}/documents/{paper.pk}/service/"
        sent = {"method": "hand", "served_on": LAST.isoformat(), "proof": file("回证.pdf")}
        answer = call("centre handler").call("POST", address, sent, status=409, form="multipart")
        return [(one["code"], one["field"]) for one in answer["reasons"]]

    with time_machine.travel(datetime.datetime.combine(AFTER, datetime.time(10), SHANGHAI), tick=False):
        assert refused(old) == [("superseded", "document")]
        set_aside(world, application, AFTER)
        assert [refused(old), refused(new)] == [[("set_aside", "document")]] * 2
