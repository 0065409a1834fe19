import datetime

import pytest
from django.db import IntegrityError, transaction

from core.audit.models import Event
from core.documents import service
from core.documents.models import Service, ServiceMethod
from core.documents.uploads import receive
from core.refusals import NotPossible
from tests.core.documents import files
from tests.core.documents.conftest import DAY
from tests.core.documents.test_papers import create


@pytest.fixture
def served(monkeypatch) -> list[tuple[str, datetime.date]]:
    """What was told of service, in order."""
    told: list[tuple[str, datetime.date]] = []
    monkeypatch.setattr(service, "_reactions", {})
    service.on_served("acceptance", lambda document, day, on: told.append((document.number, day)))
    return told


@pytest.fixture
def proof(house):
    return receive(files.as_upload(files.pdf()), matter=house.agency, slot="proof", actor=house.handler, on=DAY)


TRIED = [{"method": method, "on": DAY, "why": "人去楼空"} for method in service.BEFORE_ANNOUNCEMENT]


def record(paper, house, method=ServiceMethod.HAND, served_on=DAY, on=DAY, **more):
    return service.record_service(paper, method=method, served_on=served_on, actor=house.handler, on=on, **more)


def test_with_consent_a_paper_is_served_on_arrival(house, consent, served):
    paper = create(house)
    assert service.serve_in_portal(paper, DAY).served_on == DAY
    assert served == [(paper.number, DAY)]


def test_without_consent_it_stays_unserved(house, served):
    assert service.serve_in_portal(create(house), DAY) is None
    assert served == []
    assert not Service.objects.exists()


def test_consent_counts_from_its_day_until_its_withdrawal(house, consent):
    paper = create(house)
    consent.withdrawn_on = DAY + datetime.timedelta(days=3)
    consent.save()
    days = [DAY + datetime.timedelta(days=n) for n in (-1, 0, 2, 3)]
    assert [bool(service.consenting([paper], day)) for day in days] == [False, True, True, False]


def test_service_by_hand_is_recorded_with_proof_and_starts_what_waits(house, proof, served):
    paper = create(house)
    later = DAY + datetime.timedelta(days=4)
    record(paper, house, served_on=DAY + datetime.timedelta(days=2), on=later, proof=proof)
    assert served == [(paper.number, DAY + datetime.timedelta(days=2))]
    event = Event.objects.get(verb="document.serve")
    assert event.payload["number"] == paper.number
    assert event.actor_organisation_id == house.county.pk


def test_an_announcement_serves_at_the_end_of_its_thirtieth_day(house, proof, served):
    paper = create(house)
    row = record(paper, house, ServiceMethod.ANNOUNCEMENT, proof=proof, attempts=TRIED)
    last = DAY + datetime.timedelta(days=30)
    assert row.served_on == last
    assert service.complete_announcements(last) == 0
    assert served == []
    # Late, and twice: once, with the legal day.
    assert service.complete_announcements(last + datetime.timedelta(days=5)) == 1
    assert service.complete_announcements(last + datetime.timedelta(days=5)) == 0
    assert served == [(paper.number, last)]


def test_an_announcement_rests_on_what_was_tried_before(house, proof, served):
    paper = create(house)
    with pytest.raises(NotPossible) as refused:
        record(paper, house, ServiceMethod.ANNOUNCEMENT, proof=proof)
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [
        ("attempts_missing", f"attempts-{method}") for method in ("hand", "post", "witness")
    ]
    late = [{**one, "on": DAY + datetime.timedelta(days=1), "why": " "} for one in TRIED]
    with pytest.raises(NotPossible) as refused:
        record(paper, house, ServiceMethod.ANNOUNCEMENT, proof=proof, attempts=late)
    assert {reason.code for reason in refused.value.reasons} == {"attempt_why", "attempt_day"}
    record(paper, house, ServiceMethod.ANNOUNCEMENT, proof=proof, attempts=TRIED)
    tried = Event.objects.get(verb="document.serve").payload["attempts"]
    assert [(one["method"], one["on"], one["why"]) for one in tried] == [
        (method, DAY.isoformat(), "人去楼空") for method in ("hand", "post", "witness")
    ]


def test_the_database_holds_attempts_for_an_announcement(house, proof):
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.create(
            document=create(house), method=ServiceMethod.ANNOUNCEMENT, served_on=DAY, proof=proof, took_effect=False
        )


def test_what_comes_too_late_is_kept_without_effect_and_says_why(house, proof, served):
    service.on_served("acceptance", lambda document, day, on: f"{on:%d}日已来不及。")
    row = record(create(house), house, proof=proof)
    assert (row.took_effect, row.no_effect) == (False, "18日已来不及。")
    assert Event.objects.get(verb="document.serve").payload["no_effect"] == "18日已来不及。"
    assert service.complete_announcements(DAY + datetime.timedelta(days=60)) == 0


def test_every_reason_against_a_record_is_given_at_once(house, served):
    paper = create(house)
    with pytest.raises(NotPossible) as refused:
        record(paper, house, ServiceMethod.PORTAL, served_on=DAY + datetime.timedelta(days=1), proof=None)
    assert {reason.code for reason in refused.value.reasons} == {"method", "no_proof", "in_the_future"}


def test_a_paper_is_served_once(house, proof, consent, served):
    paper = create(house)
    service.serve_in_portal(paper, DAY)
    with pytest.raises(NotPossible, match="已经送达过"):
        record(paper, house, proof=proof)
    with pytest.raises(IntegrityError), transaction.atomic():
        service.serve_in_portal(paper, DAY)
    assert len(served) == 1


def test_proof_of_another_matter_and_days_before_issue_are_refused(house, served):
    stray = receive(files.as_upload(files.pdf()), matter=house.other, slot="proof", actor=house.handler, on=DAY)
    with pytest.raises(NotPossible) as refused:
        record(create(house), house, served_on=DAY - datetime.timedelta(days=1), proof=stray)
    assert {reason.code for reason in refused.value.reasons} == {"other_proof", "before_issue"}


def test_the_database_holds_proof_for_service_outside_the_portal(house):
    paper = create(house)
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.create(document=paper, method=ServiceMethod.HAND, served_on=DAY)
