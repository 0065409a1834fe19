"""Going over a full cap (M37): the centre asks, the bureau answers with two people, either way with a reason."""

import pytest
from django.db import IntegrityError
from django.db import transaction as database

from core.audit.models import Event
from core.deadlines import clocks
from core.notifications.models import Message
from core.reference import settings
from core.refusals import NotAllowed, Refused
from core.workflow import proposals
from filings import pending, timeline, workflow
from filings.models import Application, CapOverride, QuotaYear
from tests.world import BOTH, DAY, SITE, World, approved, assessing, decide, make_world

pytestmark = pytest.mark.django_db
WELDER, ELECTRICIAN = BOTH
WHOLE = {"granted": [*BOTH], "left_out": [], "relaxed": {}}


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def ask(world: World, application: Application, cap: str = "city", reason: str = "当地没有一家") -> Application:
    return workflow.request_override(application, actor=world.actor("centre handler"), on=DAY, cap=cap, reason=reason)


def answer(world: World, application: Application, granted: bool, cap: str = "city") -> None:
    decide(world, application, "override_cap", "bureau", DAY, cap=cap, granted=granted, reason="已经研究")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def full(world) -> Application:
    """An application in assessment; the city is full."""
    application = assessing(world)
    QuotaYear.objects.update(places=0)
    return application


def test_a_full_cap_refuses_until_the_bureau_has_said_yes(world, full):
    with pytest.raises(Refused) as refusal:
        decide(world, full, "approve", "centre", DAY, **WHOLE)
    assert codes(refusal) == ["cap_reached"]
    due = clocks.running(full, "decision").due_on
    ask(world, full)
    with pytest.raises(Refused) as refusal:
        decide(world, full, "approve", "centre", DAY, **WHOLE)
    assert "等待市人社局决定" in refusal.value.reasons[0].text
    answer(world, full, True)
    assert (full.state, clocks.running(full, "decision").due_on) == ("assessing", due)
    decide(world, full, "approve", "centre", DAY, **WHOLE)
    assert full.state == "approved"


def test_the_request_is_kept_and_told_with_the_figures(world, full):
    ask(world, full)
    row = CapOverride.objects.get()
    assert (row.request, row.asked_by, row.asked_on, row.granted) == (
        "当地没有一家", world.people["centre handler"], DAY, None,
    )  # fmt: skip
    told = Message.objects.get(kind="override_request")
    assert told.organisation == world.organisation("bureau chief")
    assert "全市社评机构名额已满（0/0）" in told.body
    event = Event.objects.get(verb="filings.application.request_override")
    assert (event.payload["cap"], event.frozen["overrides"][0]["request"]) == ("city", "当地没有一家")
    entry = timeline.entries(full, world.actor("bureau handler"))[-1]
    assert (entry.label, entry.note) == ("请求超名额", "已满（0/0）：当地没有一家")
    assert "请求超名额" not in {one.label for one in timeline.entries(full, world.actor("agency admin"))}


def test_the_bureaus_no_is_recorded_told_and_stands(world, full):
    ask(world, full)
    answer(world, full, False)
    row = CapOverride.objects.get()
    assert (row.granted, row.reason, row.decided_by) == (False, "已经研究", world.people["bureau chief"])
    told = Message.objects.get(kind="override")
    assert (told.organisation, told.title) == (world.organisation("centre chief"), f"不同意超名额：{full.name}")
    with pytest.raises(Refused) as refusal:
        decide(world, full, "approve", "centre", DAY, **WHOLE)
    assert "市人社局不同意超名额" in refusal.value.reasons[0].text
    with pytest.raises(Refused) as refusal:
        ask(world, full)
    assert codes(refusal) == ["cap_not_reached"]


def test_only_a_cap_that_is_full_for_this_application_and_once(world):
    application = assessing(world)
    tangyin = application.sites.create(area_id="410523", **SITE)
    application.scope.get(occupation_id=WELDER).sites.add(tangyin)
    for cap in ("city", f"市区:{WELDER}", f"汤阴县:{WELDER}", "x"):
        with pytest.raises(Refused) as refusal:
            ask(world, application, cap)
        assert codes(refusal) == ["cap_not_reached"]
    approved(world, who="rival admin")
    settings.set_value(
        "cap_urban", 1, effective_from=DAY, note="测试", actor=world.actor("operator administrator"), on=DAY
    )
    with pytest.raises(Refused) as refusal:
        ask(world, application, f"市区:{WELDER}", " ")
    assert codes(refusal) == ["reason_missing"]
    ask(world, application, f"市区:{WELDER}")
    ask(world, application, f"市区:{ELECTRICIAN}")
    with pytest.raises(Refused):
        ask(world, application, f"市区:{WELDER}")
    assert application.overrides.count() == 2


def test_the_bureau_answers_what_was_asked_alone(world, full):
    with pytest.raises(Refused) as refusal:
        answer(world, full, True)
    assert codes(refusal) == ["not_requested"]
    ask(world, full)
    handler = world.actor("bureau handler")
    for payload, code in (
        ({"cap": f"市区:{WELDER}", "granted": True, "reason": "急需"}, "not_requested"),
        ({"cap": "city", "granted": None, "reason": "急需"}, "choice_missing"),
        ({"cap": "city", "granted": True, "reason": " "}, "reason_missing"),
    ):
        with pytest.raises(Refused) as refusal:
            proposals.propose(full, "override_cap", actor=handler, on=DAY, payload=payload)
        assert codes(refusal) == [code]
    with pytest.raises(NotAllowed):
        workflow.override_cap(
            full, actor=world.actor("bureau chief"), on=DAY, proposal=None, cap="city", granted=True, reason="急需"
        )


def test_a_request_overtakes_an_approval_that_waits(world):
    application = assessing(world)
    proposal = proposals.propose(application, "approve", actor=world.actor("centre handler"), on=DAY, payload=WHOLE)
    QuotaYear.objects.update(places=0)
    ask(world, application)
    with pytest.raises(Refused) as refusal:
        proposals.decide(proposal, actor=world.actor("centre chief"), on=DAY)
    assert codes(refusal) == ["content_changed"]


def test_requests_of_matters_that_are_over_leave_the_desk(world, full):
    ask(world, full)
    bureau, agency = world.actor("bureau handler"), world.actor("agency admin")
    assert [row.application for row in pending.open_overrides(bureau)] == [full]
    assert pending.open_overrides(world.actor("rival admin")) == []
    workflow.withdraw(full, actor=agency, on=DAY)
    assert pending.open_overrides(bureau) == []


def test_an_answer_is_whole_in_the_database(world, full):
    ask(world, full)
    for half in ({"granted": True}, {"reason": "急需"}, {"granted": True, "decided_on": DAY, "reason": "急需"}):
        with pytest.raises(IntegrityError), database.atomic():
            CapOverride.objects.update(**half)
