"""Filings from the time of paper: loaded whole by two people, with receipts; the agency takes its own over."""

import datetime

import pytest

from core.accounts.models import Recusal
from core.audit.models import Event
from core.deadlines import clocks, lapses
from core.documents import series
from core.documents.models import OfficialDocument, Service
from core.documents.rendering import Paper, html
from core.notifications.models import Message
from core.refusals import NotAllowed, NotPossible, Refused
from core.workflow import proposals
from filings import changes, queries, quota, workflow
from filings.imports import checks
from filings.models import Filing, FilingImport, QuotaYear, SerialBlock
from filings.views.agency import papers_of
from filings.views.agency_home import to_heed
from filings.workflow import importing, places
from registry.search import Query, search
from registry.verification import by_code
from tests.filings.registers import FIRST, OTHER, SECOND, confirmed, loaded, proposed, register, registered, uploaded
from tests.world import DAY, filed, filled_draft, make_world

pytestmark = pytest.mark.django_db

WRONG_DIGIT = "52410502MJ0000003K"


def codes(refused: pytest.ExceptionInfo) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def printed(document: OfficialDocument) -> str:
    return html(
        Paper(
            series=series.get(document.series),
            title=document.title,
            issuer=document.issuer_name,
            addressee=document.addressee_name,
            on=document.on,
            content=document.content,
            number=document.number,
            code=document.code,
        )
    )


def test_a_register_is_loaded_whole_with_receipts_clocks_and_public_records():
    world = make_world()
    first, other = loaded(world, FIRST, SECOND, OTHER)
    assert (first.code, first.application, first.valid_from) == ("S000041000801", None, datetime.date(2024, 3, 1))
    # The beginning is not known: three years before the end (M14).
    assert (other.valid_from, other.valid_until) == (datetime.date(2025, 6, 30), datetime.date(2028, 6, 30))
    assert [(row.occupation_id, row.levels, [s.name for s in row.sites.all()]) for row in first.scope.all()] == [
        ("6-18-02-04", [5, 4, 3], ["本部"]),
        ("6-31-01-03", [5, 4], ["汤阴校区"]),
    ]
    assert [(s.name, s.area_id, s.address) for s in first.sites.all()] == [
        ("本部", "410502", "文峰区示例路3号"),
        ("汤阴校区", "410523", "汤阴县示例路4号"),
    ]
    clock = clocks.running(first, "validity")
    assert (clock.due_on, clock.lapse) == (datetime.date(2027, 3, 1), "end_of_validity")
    paper = first.receipts.get().document
    assert (paper.series, paper.content["kind"], paper.content["on_paper"]) == ("receipt", "纸质备案录入", True)
    shown = by_code(paper.code, DAY)
    assert (shown.finding.in_force, shown.agency.code) == (True, "S000041000801")
    assert set(search(Query(), DAY, DAY).codes(9)) == {first.code, other.code}
    event = Event.objects.get(verb="filings.filing.load", matter_id=str(first.pk))
    assert (event.frozen["code"], event.frozen["credit_code"]) == (first.code, FIRST["credit_code"])
    county = Message.objects.filter(kind="loaded", organisation__kind="county")
    assert set(county.values_list("organisation__name", flat=True)) == {"文峰区人社局", "汤阴县人社局"}


def test_an_imported_filing_lapses_on_the_day_that_its_paper_says():
    world = make_world()
    # An end on 29 February has no corresponding day three years before.
    (filing,) = loaded(world, {**FIRST, "valid_from": None, "valid_until": "2028-02-29"})
    assert filing.valid_from == datetime.date(2025, 3, 1)
    assert clocks.running(filing, "validity").due_on == datetime.date(2028, 2, 29)
    lapses.sweep(datetime.date(2028, 3, 1))
    filing.refresh_from_db()
    assert (filing.state, filing.ended_on) == ("expired", datetime.date(2028, 2, 29))


def test_nothing_is_loaded_from_a_file_with_one_fault():
    world = make_world()
    found = uploaded(world, FIRST, {**OTHER, "levels": "特级"})
    with pytest.raises(Refused) as refused:
        proposed(world, found)
    assert codes(refused) == ["line"]
    assert "第 3 行“等级”" in refused.value.reasons[0].text
    assert not Filing.objects.exists()


def test_a_wrong_check_digit_is_confirmed_by_a_person():
    world = make_world()
    found = uploaded(world, {**FIRST, "credit_code": WRONG_DIGIT})
    with pytest.raises(Refused) as refused:
        proposed(world, found)
    assert (codes(refused), refused.value.reasons[0].field) == (["credit_code_check_digit"], "codes_confirmed")
    proposed(world, found, codes_confirmed=True)


def test_handler_proposes_chief_decides_and_nobody_does_both():
    world = make_world()
    for who in ("centre chief", "bureau handler", "county handler", "agency admin"):
        with pytest.raises(NotAllowed):
            importing.upload(register(FIRST), actor=world.actor(who), on=DAY, source="台账")
    found = uploaded(world, FIRST)
    proposal = proposed(world, found)
    for who in ("centre handler", "bureau chief", "county chief"):
        with pytest.raises(NotAllowed):
            proposals.decide(proposal, actor=world.actor(who), on=DAY)
    proposals.decide(proposal, actor=world.actor("centre chief"), on=DAY)
    assert found.filings.count() == 1


def test_who_keeps_out_of_one_agency_of_the_register_keeps_out_of_it():
    world = make_world()
    agency = world.organisation("agency admin")
    line = {**FIRST, "credit_code": agency.credit_code}
    found = uploaded(world, line, OTHER)
    proposal = proposed(world, found, codes_confirmed=True)
    Recusal.objects.create(user=world.people["centre chief"].user, agency=agency, ground="kinship", since=DAY)
    with pytest.raises(NotAllowed):
        proposals.decide(proposal, actor=world.actor("centre chief"), on=DAY)
    # The whole office is recused: the next higher body decides.
    proposals.decide(proposal, actor=world.actor("bureau chief"), on=DAY)
    assert agency.filings.get().code == FIRST["code"]


def test_what_is_taken_between_proposal_and_decision_refuses_it_with_every_reason():
    world = make_world()
    found = uploaded(world, FIRST, OTHER)
    proposal = proposed(world, found)
    again = uploaded(world, FIRST, {**OTHER, "code": "S000041000803"})
    proposals.decide(proposed(world, again), actor=world.actor("centre chief"), on=DAY)
    with pytest.raises(Refused) as refused:
        proposals.decide(proposal, actor=world.actor("centre chief"), on=DAY)
    assert [reason.text.partition("：")[0] for reason in refused.value.reasons] == [
        "第 2 行“备案编码”",
        "第 2 行“统一社会信用代码”",
        "第 3 行“统一社会信用代码”",
    ]
    assert Filing.objects.count() == 2


def test_a_filing_that_ends_before_the_decision_is_not_loaded():
    world = make_world()
    found = uploaded(world, {**FIRST, "valid_until": "2026-09-20", "valid_from": None})
    proposal = proposed(world, found)
    late = datetime.date(2026, 9, 21)
    with pytest.raises(Refused) as refused:
        proposals.decide(proposal, actor=world.actor("centre chief", late), on=late)
    assert "届满" in refused.value.reasons[0].text


def test_what_exists_is_loaded_above_the_caps_and_said_beforehand():
    world = make_world()
    QuotaYear.objects.update(places=1)
    lines = [
        {**OTHER, "code": f"S00004100081{n}", "credit_code": code, "occupation": "焊工"}
        for n, code in enumerate(("52410523MJ0000004P", "52410502MJ00000037", "52410502MJ00000011"))
    ]
    found = uploaded(world, *lines)
    caps = [(cap.label, cap.before, cap.after, cap.cap) for cap in checks.preview(found, DAY).caps]
    assert caps == [("全市社评机构", 0, 3, 1), ("汤阴县“焊工”", 0, 3, 2)]
    proposals.decide(proposed(world, found), actor=world.actor("centre chief"), on=DAY)
    assert quota.city(DAY).taken == 3
    assert quota.places("6-18-02-04", "汤阴县", DAY).free == 0


def test_the_preview_names_what_ends_soon():
    world = make_world()
    found = uploaded(world, {**FIRST, "valid_from": None, "valid_until": "2026-12-01"}, OTHER)
    preview = checks.preview(found, DAY)
    assert [row["code"] for row in preview.ending] == [FIRST["code"]]
    assert (preview.agencies, preview.areas) == (2, [("文峰区", 1), ("汤阴县", 1)])


def test_a_mended_file_takes_the_place_of_the_one_before():
    world = make_world()
    found = uploaded(world, {**FIRST, "levels": ""})
    handler = world.actor("centre handler")
    importing.replace(found, register(FIRST), actor=handler, on=DAY)
    assert (found.faults, found.upload.version) == ([], 2)
    proposed(world, found)
    with pytest.raises(NotPossible):
        importing.replace(found, register(OTHER), actor=handler, on=DAY)


def test_a_register_is_given_up_and_its_proposal_with_it():
    world = make_world()
    found = uploaded(world, FIRST)
    proposal = proposed(world, found)
    importing.discard(found, actor=world.actor("centre handler"), on=DAY)
    proposal.refresh_from_db()
    assert (found.state, proposal.state) == ("discarded", "overtaken")
    assert FilingImport.objects.get().upload is not None


# -- serials -----------------------------------------------------------------------------------------------------


def test_a_code_that_the_portal_will_give_is_refused():
    world = make_world()  # the block is 1 to 50, the next is 1
    SerialBlock.objects.update(next=11)
    for code, against in (("S000041000011", True), ("S000041000050", True), ("S000041000051", False)):
        found = uploaded(world, {**FIRST, "code": code})
        assert [fault.column for fault in checks.faults(found, DAY)] == ["code"] * against, code


def test_a_block_is_entered_without_codes_in_use():
    world = make_world()
    loaded(world, FIRST)
    administrator = world.actor("operator administrator")
    words = {"actor": administrator, "on": DAY, "source": "省中心批复", "granted_on": DAY}
    with pytest.raises(Refused) as refused:
        places.enter_serials(first=790, last=900, **words)
    assert codes(refused) == ["serials_in_use"]
    places.enter_serials(first=802, last=900, **words)


# -- the agency takes over ---------------------------------------------------------------------------------------


def test_an_agency_that_only_claims_the_code_gets_nothing():
    world = make_world()
    organisation = registered(world)
    (filing,) = loaded(world, FIRST)
    assert filing.agency != organisation
    assert (filing.agency.confirmed_on, filing.agency.positions.count()) == (None, 0)
    assert not queries.filings_visible_to(world.actor("new admin")).exists()
    assert not Service.objects.exists(), "nobody has consented to service in the portal"


@pytest.mark.parametrize("registers_first", [True, False])
def test_the_agency_takes_its_filing_over_when_its_identity_is_confirmed(registers_first):
    world = make_world()
    organisation = registered(world) if registers_first else None
    (filing,) = loaded(world, FIRST, SECOND)
    empty = filing.agency
    Recusal.objects.create(user=world.people["centre chief"].user, agency=empty, ground="kinship", since=DAY)
    organisation = organisation or registered(world)
    confirmed(world, organisation)
    filing.refresh_from_db()
    empty.refresh_from_db()
    assert (filing.agency, empty.active) == (organisation, False)
    assert list(queries.filings_visible_to(world.actor("new admin"))) == [filing]
    assert [paper.series for paper in papers_of(organisation)] == ["receipt"]
    assert to_heed(organisation, DAY) == []
    assert filing.code in Message.objects.get(kind="claim_confirmed").body
    assert Recusal.objects.get().agency == organisation
    assert Event.objects.filter(verb="filings.filing.hand_over", matter_id=str(filing.pk)).count() == 1


def test_a_confirmed_agency_gets_its_filing_at_once():
    world = make_world()
    organisation = registered(world)
    confirmed(world, organisation)
    (filing,) = loaded(world, FIRST)
    assert filing.agency == organisation
    assert Message.objects.filter(kind="loaded", organisation=organisation).exists()


def test_a_rejected_or_false_claim_moves_no_filing():
    world = make_world()
    (filing,) = loaded(world, FIRST)
    stranger = registered(world)
    claim = workflow.make_claim(stranger, actor=world.actor("new admin"), on=DAY)
    workflow.reject_claim(claim, actor=world.actor("county handler"), on=DAY, reason="证照不符")
    filing.refresh_from_db()
    assert filing.agency != stranger


def test_the_agency_changes_its_filing_from_paper():
    world = make_world()
    (filing,) = loaded(world, FIRST, SECOND)
    confirmed(world, registered(world))
    actor = world.actor("new admin")
    draft = workflow.create_application(actor=actor, on=DAY, kind="change")
    assert (draft.filing, draft.name, draft.address) == (filing, FIRST["name"], FIRST["address"])
    assert changes.differences(draft, DAY) == []
    # The filing tells no measures: they are asked for, not made up.
    assert set(draft.sites.values_list("square_metres", "places")) == {(None, None)}
    with pytest.raises(Refused) as refused:
        workflow.submit(draft, actor=actor, on=DAY)
    assert codes(refused).count("site_unmeasured") == 2
    draft.sites.update(square_metres=800, places=60)
    with pytest.raises(Refused) as refused:
        workflow.submit(draft, actor=actor, on=DAY)
    assert "site_unmeasured" not in codes(refused)


def test_the_agency_renews_its_filing_from_paper():
    world = make_world()
    (filing,) = loaded(world, {**FIRST, "valid_from": None, "valid_until": "2026-12-01"})
    confirmed(world, registered(world))
    draft = workflow.create_application(actor=world.actor("new admin"), on=DAY, kind="renewal")
    assert (draft.filing, [item.occupation_id for item in draft.scope.all()]) == (filing, ["6-18-02-04"])


def test_a_draft_of_a_first_application_is_not_handed_in_beside_a_filing():
    world = make_world()
    organisation = world.organisation("agency admin")
    draft = filled_draft(world)
    loaded_line = {**FIRST, "credit_code": organisation.credit_code}
    found = uploaded(world, loaded_line)
    proposals.decide(proposed(world, found, codes_confirmed=True), actor=world.actor("centre chief"), on=DAY)
    with pytest.raises(Refused) as refused:
        workflow.submit(draft, actor=world.actor("agency admin"), on=DAY)
    assert codes(refused) == ["filed_already"]


# -- what is in the portal already -------------------------------------------------------------------------------


def test_an_agency_filed_or_applying_in_the_portal_is_not_loaded_again():
    world = make_world()
    filed(world)
    rival = filled_draft(world, "rival admin")
    workflow.submit(rival, actor=world.actor("rival admin"), on=DAY)
    lines = [
        {**FIRST, "credit_code": world.organisation("agency admin").credit_code},
        {**OTHER, "credit_code": world.organisation("rival admin").credit_code},
    ]
    found = uploaded(world, *lines)
    texts = [fault.text for fault in checks.faults(found, DAY)]
    assert ["已有有效备案" in texts[0], "正在门户申请首次备案" in texts[1], len(texts)] == [True, True, 2]


def test_a_receipt_from_paper_names_no_application():
    world = make_world()
    (filing,) = loaded(world, FIRST)
    page = printed(filing.receipts.get().document)
    assert "申请号" not in page
    assert "已在本门户启用以前备案" in page
    assert FIRST["address"] in page
