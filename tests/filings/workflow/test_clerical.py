"""Clerical corrections of issued papers (更正): words alone, two people, a new numbered paper that supersedes."""

import datetime

import pytest

from core.accounts.models import Recusal
from core.documents.models import OfficialDocument, Service
from core.refusals import NotAllowed, NotPossible, Refused
from core.workflow import proposals
from core.workflow.fsm import may
from core.workflow.spec import spec_for
from filings import clerical, timeline
from filings.models import ClericalCorrection, Filing, Receipt
from filings.workflow.clerical import propose_correction
from filings.workflow.serving import record_service
from registry.directory import find
from registry.verification import by_code
from tests.filings.test_state_table import BUILD, DATA, ROLES
from tests.world import DAY, assessing, decide, file, filed, make_world

pytestmark = pytest.mark.django_db

LATER = datetime.date(2026, 10, 12)


@pytest.fixture
def world(db):
    return make_world()


def paper(series: str) -> OfficialDocument:
    return OfficialDocument.objects.filter(series=series).latest("id")


def propose(world, document, values, *, office="centre", reason="录入时笔误。", on=LATER):
    from filings.models import Application

    application = Application.objects.get(pk=document.matter_id)
    handler = world.actor(f"{office} handler", on)
    return propose_correction(application, document, actor=handler, on=on, values=values, reason=reason)


def correct(world, document, values, *, office="centre", on=LATER) -> OfficialDocument:
    proposal = propose(world, document, values, office=office, on=on)
    proposals.decide(proposal, actor=world.actor(f"{office} chief", on), on=on)
    return ClericalCorrection.objects.get(pk=proposal.matter_id).issued


def codes(world, document, values, **more) -> list[str]:
    with pytest.raises(Refused) as refusal:
        propose(world, document, values, **more)
    return [reason.code for reason in refusal.value.reasons]


def test_a_refusals_words_are_corrected_by_a_new_paper_of_the_series(world):
    application = BUILD["refused"](world)
    old = paper("refusal")
    new = correct(world, old, {"reasons.0.text": "考评场地不符合标准"})
    assert (new.series, new.supersedes, new.number != old.number) == ("refusal", old, True)
    assert new.content["reasons"] == [{"text": "考评场地不符合标准", "basis": "M7(2)"}]
    assert new.content["remedies"] == old.content["remedies"]
    assert new.content["correction"] == {
        "number": old.number,
        "lines": [{"label": "理由", "before": "场地不符合", "after": "考评场地不符合标准"}],
        "reason": "录入时笔误。",
    }
    assert new.service.method == "portal"
    found = [by_code(one.code, LATER).finding for one in (old, new)]
    assert [one.standing.value for one in found] == ["superseded", "authentic"]
    assert new.number in found[0].why
    application.refresh_from_db()
    assert application.state == "refused"
    lines = timeline.entries(application, world.actor("agency admin", LATER))
    assert (lines[-1].label, lines[-1].documents) == ("更正文书", [new])


def test_a_corrected_receipt_is_the_filings_receipt_and_the_filing_says_the_same(world):
    filing = filed(world)
    old = filing.receipts.get()
    new = correct(world, old.document, {"address": "文峰区示范路1号", "sites.0.name": "校本部东区"})
    filing.refresh_from_db()
    assert (filing.address, filing.sites.get().name) == ("文峰区示范路1号", "校本部东区")
    assert {site for row in new.content["scope"] for site in row["sites"]} == {"校本部东区"}
    old.refresh_from_db()
    receipt = Receipt.objects.get(document=new)
    assert (old.superseded_on, receipt.superseded_on) == (LATER, None)
    assert (receipt.valid_from, receipt.valid_until) == (old.valid_from, old.valid_until)
    assert [by_code(one.code, LATER).finding.standing.value for one in (old.document, new)] == ["superseded", "valid"]
    agency = find(filing.code, LATER)
    assert (agency.current.address, agency.changes[0].label) == ("文峰区示范路1号", "更正备案回执")
    assert {name for item in agency.current.scope for name in item.sites} == {"校本部东区"}


def test_a_countys_paper_is_the_countys_to_correct(world):
    BUILD["declined"](world)
    old = paper("decline")
    with pytest.raises(NotAllowed):
        propose(world, old, {"reasons.0.text": "改正"})
    assert not ClericalCorrection.objects.exists()
    assert correct(world, old, {"reasons.0.text": "不在本市登记注册"}, office="county").issuer == old.issuer


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"valid_until": "2039-09-18"}, "not_correctable"),
        ({"filing_code": "S000041000099"}, "not_correctable"),
        ({"scope.0.occupation": "电焊工"}, "not_correctable"),
        ({"sites.0.area": "汤阴县"}, "not_correctable"),
        ({"address": " "}, "empty"),
        ({"address": "文峰区示例路1号"}, "nothing_corrected"),
        ({}, "nothing_corrected"),
    ],
)
def test_only_words_are_corrected(world, values, code):
    filed(world)
    assert codes(world, paper("receipt"), values) == [code]


def test_a_notice_that_asks_for_something_is_not_corrected(world):
    BUILD["correcting"](world)
    assert codes(world, paper("correction"), {"items.0.what": "别的"}, office="county") == [
        "not_correctable",
        "not_correctable",
    ]
    assert clerical.leaves(paper("correction")) == []


def test_a_reason_is_given(world):
    filed(world)
    assert codes(world, paper("receipt"), {"address": "文峰区示范路1号"}, reason=" ") == ["reason_missing"]


def test_only_the_newest_of_a_paper_is_corrected(world):
    BUILD["refused"](world)
    old = paper("refusal")
    new = correct(world, old, {"reasons.0.text": "考评场地不符合标准"})
    assert codes(world, old, {"reasons.0.text": "另一处"}) == ["superseded"]
    third = correct(world, new, {"reasons.0.text": "考评场地不符合国家标准"})
    assert third.content["correction"]["number"] == new.number


def test_a_receipt_whose_filing_says_otherwise_by_now_is_none_of_clerks(world):
    filed(world)
    Filing.objects.update(address="别处")
    assert codes(world, paper("receipt"), {"address": "文峰区示范路1号"}) == ["moved"]


def test_a_paper_set_aside_is_not_corrected(world):
    from filings import workflow

    application = BUILD["refused"](world)
    workflow.upload_ruling(application, file("判决书.pdf"), actor=world.actor("centre handler", LATER), on=LATER)
    payload = DATA["set_aside"] | {"ruled_on": LATER.isoformat()}
    decide(world, application, "set_aside", "centre", LATER, **payload)
    assert codes(world, paper("refusal"), {"reasons.0.text": "改正"}) == ["set_aside"]


def test_two_people_and_whoever_is_recused_in_the_application_has_no_part(world):
    filed(world)
    old = paper("receipt")
    proposal = propose(world, old, {"address": "文峰区示范路1号"})
    handler, chief = world.actor("centre handler", LATER), world.actor("centre chief", LATER)
    with pytest.raises(NotAllowed):
        proposals.decide(proposal, actor=handler, on=LATER)
    Recusal.objects.create(
        user=chief.user, matter_type=old.matter_type, matter_id=old.matter_id, since=DAY, ground="interest"
    )
    with pytest.raises(NotAllowed):
        proposals.decide(proposal, actor=chief, on=LATER)
    Recusal.objects.all().delete()
    proposals.decide(proposal, actor=chief, on=LATER)
    with pytest.raises(NotPossible):
        proposals.decide(proposal, actor=chief, on=LATER)
    assert OfficialDocument.objects.filter(series="receipt").count() == 2


def test_of_two_corrections_proposed_at_once_the_second_is_refused(world):
    filed(world)
    old = paper("receipt")
    first, second = (propose(world, old, {"address": address}) for address in ("甲路1号", "乙路2号"))
    chief = world.actor("centre chief", LATER)
    proposals.decide(first, actor=chief, on=LATER)
    with pytest.raises(Refused) as refusal:
        proposals.decide(second, actor=chief, on=LATER)
    assert [reason.code for reason in refusal.value.reasons] == ["superseded"]


def test_who_proposes_and_decides_of_every_role(world):
    """The state table of this matter: proposed by the issuing office's handler, decided by its chief, then over."""
    BUILD["declined"](world)
    old = paper("decline")
    correction = ClericalCorrection.objects.get(
        pk=propose(world, old, {"reasons.0.text": "不在本市登记注册"}, office="county").matter_id
    )
    rule = spec_for("filings.clericalcorrection").transitions["correct_paper"]
    actors = {role: world.actor(role, LATER) for role in ROLES[:-1]}
    assert {role for role, actor in actors.items() if rule.propose(actor, correction)} == {"county handler"}
    assert {role for role, actor in actors.items() if may(correction.correct_paper, actor)} == {"county chief"}
    sees = spec_for("filings.clericalcorrection").may_view
    assert {role for role, actor in actors.items() if sees(actor, correction)} == {
        "county handler", "county chief", "bureau handler", "bureau chief",
    }  # fmt: skip


def test_without_consent_the_new_paper_is_served_and_the_old_one_needs_no_service(db):
    world = make_world(consent=False)
    application = assessing(world)
    decide(world, application, "refuse", "centre", DAY, **DATA["refuse"])
    new = correct(world, paper("refusal"), {"reasons.0.text": "考评场地不符合标准"})
    assert not Service.objects.filter(document=new).exists()
    record_service(
        application, new, method="hand", served_on=LATER, proof=file("回证.pdf"),
        actor=world.actor("centre handler", LATER), on=LATER,
    )  # fmt: skip
    new.refresh_from_db()
    assert new.service.took_effect
