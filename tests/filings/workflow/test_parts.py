"""Parts of the form in a correction (M10) and in a supplement (M11): marked, named, edited alone, looked at again."""

import datetime
from contextlib import nullcontext

import pytest

from core.deadlines import lapses
from core.documents.models import OfficialDocument
from core.refusals import Invalid, NotAllowed, NotPossible, Refused
from filings import workflow
from filings.corrections import open_parts
from filings.models import Application, RequestItem
from filings.part_contents import changes_of
from filings.parts import PARTS
from filings.workflow.draft_rows import ROWS, add_row, remove_row, save_row
from tests.world import DAY, SITE, World, assessing, decide, file, filled_draft, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db


def mark_part(world: World, application: Application, key: str, correct: bool | None = False) -> None:
    words = "" if correct else "请按实际情况改正"
    workflow.mark_part(application, key, correct=correct, remark=words, actor=world.actor("county handler"), on=DAY)


def ask(world: World, application: Application, *keys: str, materials: tuple[str, ...] = ()) -> Application:
    """Issue a correction notice that names these parts and materials."""
    mark_all(world, application, bad=materials)
    for key in keys:
        mark_part(world, application, key)
    return workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=15)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def edit(world: World, application: Application, table: str, **values: object) -> None:
    row = getattr(application, table).first()
    save_row(application, ROWS[table], row.pk, actor=world.actor("agency admin"), on=DAY, values=values)


def resubmit(world: World, application: Application) -> Application:
    return workflow.resubmit(application, actor=world.actor("agency admin"), on=DAY)


@pytest.fixture
def world() -> World:
    return make_world()


def test_the_notice_writes_itself_from_materials_and_parts(world):
    application = ask(world, submitted(world), "records", "agency", materials=("venue",))
    notice = OfficialDocument.objects.get(series="correction")
    assert [(item["label"], item["what"], item["article"]) for item in notice.content["items"]] == [
        ("场地设备设施等资产辅证材料", "请补充平面图", "M8(3)"),
        ("机构与负责人", "请按实际情况改正", "M8(1)"),
        ("培训评价记录", "请按实际情况改正", "M7(7)"),
    ]
    assert application.state == "correcting"


def test_a_part_alone_is_enough_for_a_notice_and_needs_words(world):
    application = submitted(world)
    mark_all(world, application)
    workflow.mark_part(application, "sites", correct=False, remark=" ", actor=world.actor("county handler"), on=DAY)
    with pytest.raises(Refused) as refusal:
        workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=15)
    assert [(r.code, r.field) for r in refusal.value.reasons] == [("no_remark", "part-sites")]
    assert ask(world, application, "sites").state == "correcting"


def test_a_part_marked_wrong_bars_acceptance_an_unmarked_one_does_not(world):
    application = submitted(world)
    mark_all(world, application)
    mark_part(world, application, "staff")
    with pytest.raises(Refused) as refusal:
        workflow.accept(application, actor=world.actor("county handler"), on=DAY)
    assert codes(refusal) == ["part_bad"]
    mark_part(world, application, "staff", correct=None)
    assert workflow.accept(application, actor=world.actor("county handler"), on=DAY).state == "accepted"


def test_only_the_receiving_handler_marks_and_only_before_acceptance(world):
    application = submitted(world)
    for who in ("county chief", "other county handler", "centre handler", "agency admin"):
        with pytest.raises(NotAllowed):
            workflow.mark_part(application, "sites", correct=True, remark="", actor=world.actor(who), on=DAY)
    with pytest.raises(Invalid):
        workflow.mark_part(application, "venue", correct=True, remark="", actor=world.actor("county handler"), on=DAY)
    ask(world, application, "sites")
    with pytest.raises(NotPossible):
        mark_part(world, application, "sites", correct=True)


def test_exactly_the_named_parts_are_open(world):
    application = ask(world, submitted(world), "sites", "pledge_day")
    actor = world.actor("agency staff")
    assert open_parts(application) == {"sites", "pledge_day"}
    edit(world, application, "sites", surveillance=False)
    workflow.save_draft(application, actor=actor, on=DAY, fields={"pledge_signed_on": DAY - datetime.timedelta(1)})
    for closed in ({"name": "甲"}, {"training_since": DAY}, {"pledge_signed_on": DAY, "contact": "乙"}):
        with pytest.raises(NotAllowed) as refusal:
            workflow.save_draft(application, actor=actor, on=DAY, fields=closed)
        assert codes(refusal) == ["not_named"]
    for table in ("scope", "records", "staff"):
        with pytest.raises(NotAllowed):
            remove_row(application, ROWS[table], getattr(application, table).first().pk, actor=actor, on=DAY)
    with pytest.raises(NotAllowed):
        edit_as = world.actor("rival admin")
        save_row(application, ROWS["sites"], application.sites.get().pk, actor=edit_as, on=DAY, values={"name": "别家"})
    application.refresh_from_db()
    assert (application.name, application.contact) == ("文峰区甲职业培训学校", "经办人甲")


@pytest.mark.parametrize("state", ["submitted", "accepted", "assessing"])
def test_where_nothing_is_asked_for_nothing_is_edited(world, state):
    application = submitted(world) if state == "submitted" else assessing(world)
    if state == "accepted":
        Application.objects.filter(pk=application.pk).update(state="accepted")
    with pytest.raises(NotPossible):
        edit(world, application, "sites", name="改了")


def test_a_part_is_answered_by_editing_it_and_editing_back_is_none(world):
    application = ask(world, submitted(world), "sites")
    with pytest.raises(Refused) as refusal:
        resubmit(world, application)
    assert [(r.code, r.field) for r in refusal.value.reasons] == [("unanswered", "item-sites")]
    edit(world, application, "sites", surveillance=True)  # as it was: nothing is changed
    assert not RequestItem.objects.get().answered
    edit(world, application, "sites", name="新校区")
    assert RequestItem.objects.get().answered
    edit(world, application, "sites", name=SITE["name"])
    assert not RequestItem.objects.get().answered
    edit(world, application, "sites", name="新校区")
    assert resubmit(world, application).state == "submitted"


def test_a_part_is_answered_in_words_and_takes_no_file(world):
    application = ask(world, submitted(world), "staff")
    actor = world.actor("agency staff")
    with pytest.raises(Invalid):
        workflow.answer_item(application, "staff", actor=actor, on=DAY, file=file("名册.pdf"))
    workflow.answer_item(application, "staff", actor=actor, on=DAY, answer="名单无误，证书正在换发。")
    resubmit(world, application)
    item = RequestItem.objects.get()
    assert (item.answered, item.edited, changes_of(item)) == (True, False, [])


def test_what_was_edited_must_be_whole_again(world):
    application = ask(world, submitted(world), "agency", "sites")
    actor = world.actor("agency admin")
    workflow.save_draft(application, actor=actor, on=DAY, fields={"address": ""})
    remove_row(application, ROWS["sites"], application.sites.get().pk, actor=actor, on=DAY)
    with pytest.raises(Refused) as refusal:
        resubmit(world, application)
    assert [(r.code, r.field) for r in refusal.value.reasons] == [
        ("required", "item-agency"),
        ("sites_empty", "item-sites"),
    ]


def test_the_mark_is_reset_and_the_change_looked_at_again(world):
    application = ask(world, submitted(world), "sites")
    edit(world, application, "sites", surveillance=False, name="新校区")
    resubmit(world, application)
    mark = application.part_marks.get(key="sites")
    assert (mark.correct, mark.touched) == (None, True)
    assert [(c.row, c.label, c.old, c.new) for c in changes_of(RequestItem.objects.get())] == [
        ("新校区", "场地名称", "校本部", "新校区"),
        ("新校区", "有视频监控", "是", "否"),
    ]
    with pytest.raises(Refused) as refusal:
        workflow.accept(application, actor=world.actor("county handler"), on=DAY)
    assert [(r.code, r.field) for r in refusal.value.reasons] == [("unmarked", "part-sites")]
    mark_part(world, application, "sites", correct=True)
    assert workflow.accept(application, actor=world.actor("county handler"), on=DAY).state == "accepted"


def test_a_corrected_name_stands_on_the_next_papers(world):
    application = ask(world, submitted(world), "agency")
    actor = world.actor("agency admin")
    workflow.save_draft(application, actor=actor, on=DAY, fields={"name": "文峰区甲职业技能培训学校"})
    resubmit(world, application)
    paper = OfficialDocument.objects.filter(series="acknowledgement").latest("id")
    assert paper.content["agency"] == "文峰区甲职业技能培训学校"


def test_an_occupation_takes_its_records_along_only_where_these_are_named(world):
    actor = world.actor("agency admin")
    application = ask(world, submitted(world), "scope")
    remove_row(application, ROWS["scope"], application.scope.get(occupation="6-31-01-03").pk, actor=actor, on=DAY)
    assert application.records.filter(occupation="6-31-01-03").exists()
    rival = ask(world, submitted(world, "rival admin"), "scope", "records")
    actor = world.actor("rival admin")
    remove_row(rival, ROWS["scope"], rival.scope.get(occupation="6-31-01-03").pk, actor=actor, on=DAY)
    assert not rival.records.filter(occupation="6-31-01-03").exists()


def test_a_lapsed_correction_takes_no_edit(world):
    application = ask(world, submitted(world), "sites")
    late = world.actor("agency admin", datetime.date(2026, 10, 9))
    site = application.sites.get()
    with pytest.raises(NotPossible):
        save_row(application, ROWS["sites"], site.pk, actor=late, on=late.on, values={"name": "晚了"})
    application.refresh_from_db()
    site.refresh_from_db()
    assert (application.state, site.name) == ("abandoned", "校本部")


def test_a_notice_that_came_to_nothing_shows_no_change():
    world = make_world(consent=False)
    application = ask(world, submitted(world), "sites")
    lapses.sweep(datetime.date(2026, 9, 28))
    application.refresh_from_db()
    assert application.state == "accepted"
    assert changes_of(RequestItem.objects.get()) == []


# -- a third notice ------------------------------------------------------------------------------------------------


def test_a_later_notice_names_what_the_last_one_named_not_what_any_did(world):
    """Named first, found in order, not named again: what was right once cannot be asked for a third time."""
    application = ask(world, submitted(world), "sites", materials=("venue", "credit"))
    actor = world.actor("agency admin")
    for key in ("venue", "credit", "sites"):
        workflow.answer_item(application, key, actor=actor, on=DAY, answer="已改正")
    resubmit(world, application)
    mark_part(world, application, "sites", correct=True)
    ask(world, application, materials=("venue",))
    workflow.answer_item(application, "venue", actor=actor, on=DAY, answer="已改正")
    resubmit(world, application)
    with pytest.raises(Refused) as refusal:
        ask(world, application, "sites", materials=("venue", "credit"))
    assert [(r.code, r.field) for r in refusal.value.reasons] == [
        ("not_in_last_notice", "material-credit"),
        ("not_in_last_notice", "part-sites"),
    ]
    grounds = [{"basis": "M7(2)", "reason": "场地不符", "unmendable": False, "part": "sites"}]
    with pytest.raises(Refused) as refusal:
        decide(world, application, "decline", "county", DAY, grounds=grounds)
    assert codes(refusal) == ["mendable"]
    grounds = [{"basis": "M8(3)", "reason": "仍缺平面图", "unmendable": False, "material": "venue"}]
    decide(world, application, "decline", "county", DAY, grounds=grounds)
    assert application.state == "declined"


def test_a_part_that_stayed_wrong_may_be_named_again_and_declined_on(world):
    application = ask(world, submitted(world), "sites")
    edit(world, application, "sites", name="新校区")
    resubmit(world, application)
    ask(world, application, "sites")
    edit(world, application, "sites", name="第三校区")
    resubmit(world, application)
    mark_part(world, application, "sites")
    grounds = [{"basis": "M7(2)", "reason": "仍没有监控", "unmendable": False, "part": "sites"}]
    decide(world, application, "decline", "county", DAY, grounds=grounds)
    assert application.state == "declined"
    first, second = RequestItem.objects.order_by("id")
    assert [c.new for c in changes_of(first)] == ["新校区"]
    assert [(c.old, c.new) for c in changes_of(second)] == [("新校区", "第三校区")]


# -- supplements ---------------------------------------------------------------------------------------------------


def invite(world: World, application: Application, *keys: str) -> Application:
    items = [{"part": key, "what": "请更正"} for key in keys]
    return workflow.invite_supplements(application, actor=world.actor("centre handler"), on=DAY, items=items)


def test_a_condition_unmet_by_a_wrong_tick_is_mended_in_the_assessment(world):
    application = assessing(world)
    application.sites.update(surveillance=False)
    granted = {"granted": ["6-18-02-04", "6-31-01-03"], "left_out": [], "relaxed": {}}
    with pytest.raises(Refused) as refusal:
        decide(world, application, "approve", "centre", DAY, **granted)
    assert codes(refusal) == ["m7_surveillance"]
    invite(world, application, "sites")
    edit(world, application, "sites", surveillance=True)
    with pytest.raises(NotAllowed):
        edit(world, application, "staff", certificate="YS1")
    workflow.supply_supplements(application, actor=world.actor("agency staff"), on=DAY)
    with pytest.raises(NotPossible):
        edit(world, application, "sites", surveillance=False)
    with pytest.raises(Refused) as refusal:
        decide(world, application, "approve", "centre", DAY, **granted)
    assert [(r.code, r.field) for r in refusal.value.reasons] == [("unmarked", "part-sites")]
    for who, allowed in (("county handler", False), ("centre handler", True)):
        with nullcontext() if allowed else pytest.raises(NotAllowed):
            workflow.mark_part(application, "sites", correct=True, remark="", actor=world.actor(who), on=DAY)
    decide(world, application, "approve", "centre", DAY, **granted)
    assert application.state == "approved"
    assert OfficialDocument.objects.get(series="supplement").content["items"][0]["label"] == "考评场地"


def test_an_edit_overtakes_a_proposal_made_before_it(world):
    from core.workflow import proposals

    application = invite(world, assessing(world), "staff")
    payload = {"granted": ["6-18-02-04", "6-31-01-03"], "left_out": [], "relaxed": {}}
    proposal = proposals.propose(application, "approve", actor=world.actor("centre handler"), on=DAY, payload=payload)
    edit(world, application, "staff", name="staff乙")  # masked, it reads as before
    with pytest.raises(Refused):
        proposals.decide(proposal, actor=world.actor("centre chief"), on=DAY)
    application.refresh_from_db()
    assert application.state == "assessing"


@pytest.mark.parametrize(
    "items",
    [
        [{"what": "没有点名"}],
        [{"part": "venue", "what": "不是申请内容"}],
        [{"part": "sites", "what": "一"}, {"part": "sites", "what": "二"}],
        [{"part": "sites", "what": " "}],
    ],
)
def test_an_invitation_names_each_thing_once_with_words(world, items):
    with pytest.raises(Refused):
        workflow.invite_supplements(assessing(world), actor=world.actor("centre handler"), on=DAY, items=items)


def test_in_a_draft_everything_is_open(world):
    application = filled_draft(world)
    assert open_parts(application) == set(PARTS)
    add_row(
        application, ROWS["staff"], actor=world.actor("agency staff"), on=DAY, values={"kind": "experts", "name": "丙"}
    )
