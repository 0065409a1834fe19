"""What can happen to the filings, one small function each: on the code and on the model, and both must say the same.

An operation takes the driver, an agency by its letter and a number by which it chooses among what there is. It is added
to OPERATIONS by `@operation`, which makes it a word of the common ways and a step of the machine.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from core.deadlines import lapses
from core.documents.models import OfficialDocument
from core.reference import settings
from core.workflow import proposals
from core.workflow.models import Proposal, ProposalState
from filings import workflow
from filings.models import Filing
from filings.workflow.places import propose_quota
from filings.workflow.serving import record_service
from tests.filings.life.driver import CODES, Driver
from tests.filings.life.model import OPENING, TIMELY, Case, only_narrows
from tests.filings.model import ONE_DAY
from tests.world import file

Act = Callable[[Driver, str, int], None]
Ready = Callable[[Driver, str], bool]


@dataclass(frozen=True)
class Operation:
    """run: does it, on both sides. ready: whether it is worth a step of the machine; run again checks what it needs."""

    run: Act
    ready: Ready


OPERATIONS: dict[str, Operation] = {}


def operation(ready: Ready = lambda driver, who: True) -> Callable[[Act], Act]:
    """Add a function to OPERATIONS under its own name."""

    def add(act: Act) -> Act:
        OPERATIONS[act.__name__] = Operation(act, ready)
        return act

    return add


def cases(driver: Driver, who: str, *states: str) -> list[Case]:
    """The agency's applications in these states as the law has them today, or in any open one."""
    mine = [case for case in driver.model.cases if case.agency == who]
    return [case for case in mine if (case.state in states if states else case.open)]


def any_in(*states: str) -> Ready:
    return lambda driver, who: bool(cases(driver, who, *states))


def chosen(driver: Driver, who: str, number: int, *states: str) -> Case | None:
    found = cases(driver, who, *states)
    return found[number % len(found)] if found else None


# Drafts


def _against(driver: Driver, who: str, kind: str) -> set[str] | None:
    """Why a draft cannot be begun: one open of each kind; an initial one without a filing, the others with one; a
    renewal in its window (M13, M14)."""
    filing = driver.model.filing_of(who, driver.day)
    if driver.model.open_case(who, kind):
        return {"open_already"}
    if kind == "initial":
        return {"filed_already"} if filing else None
    if filing is None:
        return {"not_filed"}
    if kind == "renewal" and driver.day < filing.until - OPENING * ONE_DAY:
        return {"renewal_not_open"}
    return {"renewal_over"} if kind == "renewal" and driver.day > filing.until else None


def _start(driver: Driver, who: str, kind: str) -> Case | None:
    """Start a draft, or be told why not."""
    return driver.start(who, kind, _against(driver, who, kind))


def _send(driver: Driver, case: Case) -> None:
    """Hand in a draft. A change changes something; a renewal only leaves something out, in its window."""
    driver.complete(case)
    refused: set[str] = set()
    if case.filing is not None and case.kind != "initial":
        asked = {
            key: (case.filing.at(driver.day).get(key), case.asked.get(key))
            for key in {*case.filing.at(driver.day), *case.asked}
        }
        asked = {key: pair for key, pair in asked.items() if pair[0] != pair[1]}
        if case.kind == "change" and not asked:
            refused.add("nothing_changed")
        if case.kind == "renewal":
            if driver.day < case.filing.until - OPENING * ONE_DAY:
                refused.add("renewal_not_open")
            if driver.day > case.filing.until:
                refused.add("renewal_over")
            if not all(only_narrows(key, *pair) for key, pair in asked.items()):
                refused.add("renewal_changes")
    row = driver.row(case)
    if driver.expect(
        lambda: workflow.submit(row, actor=driver.agency(case.agency), on=driver.day), refused=refused or None
    ):
        driver.model.hand_in(case, driver.day)


# What a change asks for, by number: each edits the draft on both sides.


def _add(driver: Driver, case: Case, number: int) -> None:
    wanted = [code for code in CODES if f"occ:{code}" not in case.asked]
    site = next((key for key in case.asked if key.startswith("site:")), None)
    if not wanted or site is None:
        return
    code = wanted[number % len(wanted)]
    draft = driver.row(case)
    item = draft.scope.create(occupation_id=code, levels=[5, 4], question_bank="国家题库")
    item.sites.add(draft.sites.get(name=case.asked[site][0]))
    case.asked[f"occ:{code}"] = (5, 4), frozenset({site})


def _drop(driver: Driver, case: Case, number: int) -> None:
    held = sorted(key for key in case.asked if key.startswith("occ:"))
    if len(held) < 2:
        return
    key = held[number % len(held)]
    driver.row(case).scope.get(occupation_id=key.removeprefix("occ:")).delete()
    del case.asked[key]


def _fewer_levels(driver: Driver, case: Case, number: int) -> None:
    held = sorted(key for key in case.asked if key.startswith("occ:") and len(case.asked[key][0]) > 1)
    if not held:
        return
    key = held[number % len(held)]
    levels, at = case.asked[key]
    driver.row(case).scope.filter(occupation_id=key.removeprefix("occ:")).update(levels=list(levels[:-1]))
    case.asked[key] = levels[:-1], at


def _more_levels(driver: Driver, case: Case, number: int) -> None:
    key = sorted(key for key in case.asked if key.startswith("occ:"))[0]
    levels, at = case.asked[key]
    more = tuple(sorted({*levels, 2 - number % 2}, reverse=True))
    driver.row(case).scope.filter(occupation_id=key.removeprefix("occ:")).update(levels=list(more))
    case.asked[key] = more, at


def _move(driver: Driver, case: Case, number: int) -> None:
    areas = [area for area in driver.model.areas if area != case.asked["seat"]]
    area = areas[number % len(areas)]
    draft = driver.row(case)
    draft.area_id = area
    draft.save()
    case.asked["seat"] = area


def _new_site(driver: Driver, case: Case, number: int) -> None:
    areas = sorted(driver.model.areas)
    area, name = areas[number % len(areas)], f"{case.agency}分校{case.pk}"
    if f"site:+{name}" in case.asked:
        return
    draft = driver.row(case)
    site = draft.sites.create(area_id=area, name=name, address=f"{name}路1号", square_metres=800, places=60)
    case.asked[f"site:+{name}"] = name, area
    for key in sorted(key for key in case.asked if key.startswith("occ:"))[: 1 + number % 2]:
        draft.scope.get(occupation_id=key.removeprefix("occ:")).sites.add(site)
        case.asked[key] = case.asked[key][0], case.asked[key][1] | {f"site:+{name}"}


def _move_site(driver: Driver, case: Case, number: int) -> None:
    held = sorted(key for key in case.asked if key.startswith("site:") and "+" not in key)
    if not held:
        return
    key = held[number % len(held)]
    name, area = case.asked[key]
    areas = [one for one in driver.model.areas if one != area]
    case.asked[key] = name, areas[number % len(areas)]
    driver.row(case).sites.filter(name=name).update(area_id=case.asked[key][1])


def _drop_site(driver: Driver, case: Case, number: int) -> None:
    """Where every occupation keeps another one."""
    held = sorted(key for key in case.asked if key.startswith("site:"))
    scope = [key for key in case.asked if key.startswith("occ:")]
    spare = [key for key in held if all(case.asked[one][1] - {key} for one in scope)]
    if not spare:
        return
    key = spare[number % len(spare)]
    site = driver.row(case).sites.get(name=case.asked[key][0])
    site.scope.clear()
    site.delete()
    del case.asked[key]
    for one in scope:
        case.asked[one] = case.asked[one][0], case.asked[one][1] - {key}


def _name(driver: Driver, case: Case, number: int) -> None:
    draft = driver.row(case)
    draft.name = case.asked["name"] = f"文峰区第{case.pk}职业培训学校"
    draft.save()


CHANGES = (_add, _drop, _move, _new_site, _move_site, _drop_site, _name, _fewer_levels, _more_levels)
NARROWING = (None, _drop, _fewer_levels, _drop_site)


def may_begin(kind: str) -> Ready:
    """Whether the agency may begin something of that kind today."""
    return lambda driver, who: _against(driver, who, kind) is None


@operation(may_begin("initial"))
def first(driver: Driver, who: str, number: int) -> None:
    """Hand in an initial application, with one or two occupations."""
    if case := _start(driver, who, "initial"):
        if number % 2:
            _add(driver, case, number)
        _send(driver, case)


@operation(may_begin("change"))
def change(driver: Driver, who: str, number: int) -> None:
    """Hand in a change: one of CHANGES, or from their number on two of them."""
    if case := _start(driver, who, "change"):
        CHANGES[number % len(CHANGES)](driver, case, number)
        if number >= len(CHANGES):
            CHANGES[number // len(CHANGES) % len(CHANGES)](driver, case, number)
        _send(driver, case)


@operation(may_begin("renewal"))
def renew(driver: Driver, who: str, number: int) -> None:
    """Hand in a renewal, of all or of less."""
    if case := _start(driver, who, "renewal"):
        if edit := NARROWING[number % len(NARROWING)]:
            edit(driver, case, number)
        _send(driver, case)


@operation(lambda driver, who: not any_in("draft")(driver, who))
def keep_draft(driver: Driver, who: str, number: int) -> None:
    """Begin something and leave it lying."""
    kind = ("initial", "change", "renewal")[number % 3]
    if (case := _start(driver, who, kind)) and kind == "change":
        CHANGES[number % len(CHANGES)](driver, case, number)


@operation(any_in("draft"))
def send(driver: Driver, who: str, number: int) -> None:
    """Hand in what has been lying."""
    if case := chosen(driver, who, number, "draft"):
        _send(driver, case)


@operation(any_in())
def withdraw(driver: Driver, who: str, number: int) -> None:
    if case := chosen(driver, who, number):
        driver.expect(lambda: workflow.withdraw(driver.row(case), actor=driver.agency(who), on=driver.day))
        case.state = "withdrawn"
        driver.model.over(case, driver.day)


# The offices


def _marked(driver: Driver, case: Case, *, good: bool = True) -> None:
    driver.row(case).materials.update(complete=True, compliant=good, remark="" if good else "请补充")


def _office(case: Case) -> str:
    if not case.by_county:
        return "centre"
    return "other county" if case.asked["seat"] == "410523" else "county"


@operation(any_in("submitted"))
def accept(driver: Driver, who: str, number: int) -> None:
    if case := chosen(driver, who, number, "submitted"):
        _marked(driver, case)
        handler = driver.actor(f"{_office(case)} handler")
        driver.expect(lambda: workflow.accept(driver.row(case), actor=handler, on=driver.day))
        driver.model.accept(case, driver.day)


@operation(any_in("submitted", "accepted", "recommended"))
def assess(driver: Driver, who: str, number: int) -> None:
    """Take an application to the end of its assessment: accepted, recommended where a county still may, assessed."""
    if (case := chosen(driver, who, number, "submitted", "accepted", "recommended")) is None:
        return
    if case.state == "submitted":
        accept(driver, who, cases(driver, who, "submitted").index(case))
    centre, row = driver.actor("centre handler"), driver.row(case)
    if "county_recommendation" in case.clocks:
        _decide(driver, case, "recommend", _office(case), {"positive": True, "text": "同意推荐"})
        case.state = "recommended"
        del case.clocks["county_recommendation"]
    driver.expect(lambda: workflow.start_assessment(row, actor=centre, on=driver.day, methods=["material"]))
    _marked(driver, case)
    workflow.write_report(row, actor=centre, on=driver.day, text="材料核验符合条件。")
    case.state = "assessing"


def _decide(driver: Driver, case: Case, name: str, office: str, data: dict, *, between=lambda: None) -> None:
    """Propose and decide, and let something happen in between."""
    row = driver.row(case)
    handler, chief = driver.actor(f"{office} handler"), driver.actor(f"{office} chief")
    proposal = proposals.propose(row, name, actor=handler, on=driver.day, payload=data)
    between()
    proposals.decide(proposal, actor=chief, on=driver.day)


def _granted(driver: Driver, case: Case, leave_out: int | None) -> tuple[dict, set[str]]:
    """What an approval says, and the items granted: all, or without the one of that number."""
    keys = sorted(case.items if case.kind == "change" else (k for k in case.asked if k.startswith("occ:")))
    left = set()
    if leave_out is not None and len(keys) > 1:
        left = {keys[leave_out % len(keys)]}
    named = _item_keys(driver, case) if case.kind == "change" else {k: k.removeprefix("occ:") for k in keys}
    which = "item" if case.kind == "change" else "occupation"
    out = [{which: named[key], "reason": "暂不具备条件。", "basis": "M7(2)"} for key in left]
    granted = [named[key] for key in keys if key not in left]
    return {"granted": granted, "left_out": out, "relaxed": {}}, set(keys) - left


def _item_keys(driver: Driver, case: Case) -> dict[str, str]:
    """How the code names the model's items of a change: sites by their number, occupations by their code."""
    row = driver.row(case)
    found = {}
    for item in row.change_items.all():
        kind, _, rest = item.key.partition(":")
        if kind == "site":
            name = (item.after or item.before)["name"]
            sites = {key: after or before for key, (before, after) in case.items.items() if key.startswith("site:")}
            same = [key for key, site in sites.items() if site[0] == name and ("+" in key) is ("+" in rest)]
            found[same[0]] = item.key
        else:
            found[f"occ:{rest}" if kind == "occupation" else item.key] = item.key
    assert set(found) == set(case.items), (found, case.items)
    return found


def _approve(driver: Driver, case: Case, leave_out: int | None) -> None:
    data, granted = _granted(driver, case, leave_out)
    model, on = driver.model, driver.day
    refused: set[str] = set()
    if case.kind == "change" and case.filing is not None:
        now = case.filing.at(on)
        if not any(model.settled(case, key, now) for key in granted):
            refused.add("nothing_granted")
    # Before the decision all that is proposed is counted; at the decision what is still settled.
    refused |= {f"cap:{key}" for key in model.full(case, model.wanted(case, granted, on), on)}
    if refused:
        _decide_refused(driver, case, data, refused)
        return
    _decide(driver, case, "approve", "centre", data)
    filing = model.approve(case, granted, on)
    row = driver.row(case)
    filing.pk = row.granted_filing.pk if case.kind == "initial" else row.filing_id


def _decide_refused(driver: Driver, case: Case, data: dict, reasons: set[str], between=lambda: None) -> None:
    """An approval that must not be: refused for these reasons, and its proposal taken back where there is one."""
    driver.expect(lambda: _decide(driver, case, "approve", "centre", data, between=between), refused=reasons)
    if left := Proposal.objects.filter(state=ProposalState.OPEN).first():
        proposals.take_back(left, actor=driver.actor("centre handler"), on=driver.day)


@operation(any_in("assessing"))
def approve(driver: Driver, who: str, number: int) -> None:
    if case := chosen(driver, who, number, "assessing"):
        _approve(driver, case, None)


@operation(any_in("assessing"))
def approve_in_part(driver: Driver, who: str, number: int) -> None:
    if case := chosen(driver, who, number, "assessing"):
        _approve(driver, case, number)


@operation(any_in("assessing"))
def approve_after_the_number_was_lowered(driver: Driver, who: str, number: int) -> None:
    """The year's number falls between proposal and decision: counted again under the lock (M37)."""
    case, filed = chosen(driver, who, number, "assessing"), driver.model.filed(driver.day)
    if case is None or case.kind != "initial" or not filed:
        return
    data, granted = _granted(driver, case, None)
    if not driver.model.full(case, driver.model.wanted(case, granted, driver.day), driver.day):
        _decide_refused(driver, case, data, {"cap:city"}, between=lambda: year_number(driver, who, filed - 1))


@operation(any_in("assessing"))
def refuse(driver: Driver, who: str, number: int) -> None:
    if case := chosen(driver, who, number, "assessing"):
        _decide(driver, case, "refuse", "centre", {"grounds": [{"basis": "M7(2)", "reason": "场地不符合"}]})
        _ended(driver, case, "refused")


@operation(any_in("submitted"))
def decline(driver: Driver, who: str, number: int) -> None:
    if case := chosen(driver, who, number, "submitted"):
        grounds = [{"basis": "M7(1)", "reason": "不在本市登记", "unmendable": True}]
        _decide(driver, case, "decline", _office(case), {"grounds": grounds})
        _ended(driver, case, "declined")


def _ended(driver: Driver, case: Case, state: str) -> None:
    """What a refusal or a decline ends, it ends on its service: at once in the portal, else when it is recorded."""
    case.state, case.unserved = state, case.agency == "c"
    case.clocks.clear()
    if not case.unserved:
        driver.model.over(case, driver.day)


@operation(lambda driver, who: any(case.unserved for case in driver.model.cases if case.agency == who))
def serve(driver: Driver, who: str, number: int) -> None:
    """Record that a refusal or a decline was handed over, today or some days ago."""
    waiting = [case for case in driver.model.cases if case.agency == who and case.unserved]
    if not waiting:
        return
    case = waiting[number % len(waiting)]
    paper = OfficialDocument.objects.get(matter_id=str(case.pk), series__in=("refusal", "decline"))
    served_on = max(paper.on, driver.day - number % 6 * ONE_DAY)
    office = _office(case) if case.state == "declined" else "centre"
    record_service(
        driver.row(case),
        paper,
        method="hand",
        served_on=served_on,
        proof=file("回证.pdf"),
        actor=driver.actor(f"{office} handler"),
        on=driver.day,
    )
    case.unserved = False
    driver.model.over(case, served_on)


def _can_correct(driver: Driver, who: str) -> bool:
    return who != "c" and bool(cases(driver, who, "submitted"))


@operation(_can_correct)
def correct(driver: Driver, who: str, number: int) -> None:
    """Ask for a correction within 15 days, of an agency that is served in the portal."""
    case = chosen(driver, who, number, "submitted")
    if case is None or who == "c" or driver.row(case).requests.exists():
        return
    _marked(driver, case)
    driver.row(case).materials.filter(key="venue").update(compliant=False, remark="请补充平面图")
    handler = driver.actor(f"{_office(case)} handler")
    driver.expect(lambda: workflow.request_correction(driver.row(case), actor=handler, on=driver.day, days=15))
    case.state = "correcting"
    case.clocks = {"correction": (driver.day, driver.model.days.agency_days(driver.day, 15)[0])}


@operation(any_in("correcting"))
def answer(driver: Driver, who: str, number: int) -> None:
    """Answer the notice and hand in anew: that day becomes the receipt day."""
    if case := chosen(driver, who, number, "correcting"):
        actor = driver.agency(who)
        workflow.answer_item(driver.row(case), "venue", actor=actor, on=driver.day, answer="已补正，见说明")
        driver.expect(lambda: workflow.resubmit(driver.row(case), actor=actor, on=driver.day))
        late = case.late
        driver.model.hand_in(case, driver.day)
        case.late = late  # judged by the first submission
        if case.kind == "initial" and case.filing is not None:
            case.by_county = False


@operation(any_in("assessing"))
def confirm(driver: Driver, who: str, number: int) -> None:
    """Confirm, as the agency, what has moved since it was asked for."""
    case = chosen(driver, who, number, "assessing")
    if case is None or case.kind != "change" or case.filing is None:
        return
    now = case.filing.at(driver.day)
    moved = {key for key in case.items if not driver.model.settled(case, key, now)}
    if moved:
        named = _item_keys(driver, case)
        items = [named[key] for key in moved]
        driver.expect(
            lambda: workflow.confirm_items(driver.row(case), actor=driver.agency(who), on=driver.day, items=items)
        )
        case.confirmed |= {key: now.get(key) for key in moved}


@operation(any_in("assessing"))
def override(driver: Driver, who: str, number: int) -> None:
    """Let the bureau open a full cap for one application."""
    case = chosen(driver, who, number, "assessing")
    if case is None or case.kind == "renewal":
        return
    model = driver.model
    keys = set(case.items) if case.kind == "change" else {key for key in case.asked if key.startswith("occ:")}
    full = model.full(case, model.wanted(case, keys, driver.day), driver.day)
    if not full:
        return
    cap, centre = sorted(full)[number % len(full)], driver.actor("centre handler")
    workflow.request_override(driver.row(case), actor=centre, on=driver.day, cap=cap, reason="当地没有一家")
    _decide(driver, case, "override_cap", "bureau", {"cap": cap, "granted": True, "reason": "产业急需"})
    case.overridden.add(cap)


# Time and figures


@operation()
def days(driver: Driver, who: str, number: int) -> None:
    driver.pass_days(1 + number)


@operation()
def boundary(driver: Driver, who: str, number: int) -> None:
    """Go on to a day on which something of the agency's begins or ends, to the eve or the morrow of it."""
    offset, place = number % 3 - 1, number // 3
    ahead = sorted(_milestones(driver, who))
    if ahead:
        _go_to(driver, ahead[place % len(ahead)] + offset * ONE_DAY)


def _go_to(driver: Driver, day: datetime.date) -> None:
    driver.pass_days(max(0, (day - driver.day).days))


def _current(driver: Driver, who: str):
    return next((one for one in reversed(driver.model.filings) if one.agency == who), None)


@operation(lambda driver, who: driver.model.filing_of(who, driver.day) is not None)
def opens(driver: Driver, who: str, number: int) -> None:
    """Go on to the day on which the agency's renewal opens, or so many days after it."""
    if filing := _current(driver, who):
        _go_to(driver, filing.until + (number - OPENING) * ONE_DAY)


@operation(lambda driver, who: driver.model.filing_of(who, driver.day) is not None)
def timely(driver: Driver, who: str, number: int) -> None:
    """Go on to the last day for a timely renewal, or so many days after it."""
    if filing := _current(driver, who):
        _go_to(driver, filing.until + (number - TIMELY) * ONE_DAY)


@operation(lambda driver, who: driver.model.filing_of(who, driver.day) is not None)
def end(driver: Driver, who: str, number: int) -> None:
    """Go on to the last day of the agency's term, or so many days after it."""
    if filing := _current(driver, who):
        until = filing.terms(driver.day)[0][1] if filing.valid_from <= driver.day else filing.until
        _go_to(driver, until + number * ONE_DAY)


def _milestones(driver: Driver, who: str) -> set[datetime.date]:
    found = set()
    for filing in driver.model.filings:
        if filing.agency == who and filing.last is None:
            opens = filing.until - OPENING * ONE_DAY
            found |= {opens, filing.until - TIMELY * ONE_DAY, filing.until, filing.term_from}
    found |= {due for case in cases(driver, who) for _, due in case.clocks.values()}
    return {day for day in found if day >= driver.day}


@operation()
def sweep(driver: Driver, who: str, number: int) -> None:
    """Sweep once or several times: nothing that the dates did not say already."""
    for _ in range(1 + number % 3):
        assert lapses.sweep(driver.day).failed == 0
    assert lapses.due(driver.day).count() == 0
    for case in driver.model.cases:
        row = driver.row(case)
        assert (row.state, row.kind) == (case.state, case.kind), case
    for one in driver.model.filings:
        row = Filing.objects.get(pk=one.pk)
        ended = one.last + (one.end != "expired") * ONE_DAY if one.last else None
        assert (row.state, row.ended_on) == (one.end or "active", ended), one
        assert row.held_open is (one.last is None and driver.model.held(one))


@operation()
def year_number(driver: Driver, who: str, number: int) -> None:
    """The bureau sets the year's number of agencies: a lowered one ends nothing (M37)."""
    on = driver.day
    proposal = propose_quota(
        actor=driver.actor("bureau handler"), on=on, year=on.year, places=1 + number, source="年度名额文件"
    )
    proposals.decide(proposal, actor=driver.actor("bureau chief"), on=on)
    driver.model.city[on.year] = 1 + number


@operation()
def caps(driver: Driver, who: str, number: int) -> None:
    """The authority chooses another cap for one occupation, urban or of a county."""
    which, figure = ("urban", "county")[number % 2], 1 + number // 2 % 3
    actor = driver.actor("operator administrator")
    settings.set_value(f"cap_{which}", figure, effective_from=driver.day, note="样例", actor=actor, on=driver.day)
    rows = [row for row in driver.model.caps[which] if row[0] != driver.day]
    driver.model.caps[which] = [*rows, (driver.day, figure)]
