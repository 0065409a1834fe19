"""What the offices do, and what the agencies answer them: acceptance, assessment, decisions, service, overrides."""

from core.documents.models import OfficialDocument
from core.workflow import proposals
from core.workflow.models import Proposal, ProposalState
from filings import workflow
from filings.workflow.serving import record_service
from tests.filings.life.driver import Driver
from tests.filings.life.model import Case
from tests.filings.life.operations import any_in, cases, chosen, operation
from tests.filings.life.passing import year_number
from tests.filings.model import ONE_DAY
from tests.world import file


def marked(driver: Driver, case: Case, *, good: bool = True) -> None:
    driver.row(case).materials.update(complete=True, compliant=good, remark="" if good else "请补充")


def office(case: Case) -> str:
    if not case.by_county:
        return "centre"
    return "other county" if case.asked["seat"] == "410523" else "county"


@operation(any_in("submitted"))
def accept(driver: Driver, who: str, number: int) -> None:
    if case := chosen(driver, who, number, "submitted"):
        marked(driver, case)
        handler = driver.actor(f"{office(case)} handler")
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
        decide(driver, case, "recommend", office(case), {"positive": True, "text": "同意推荐"})
        case.state = "recommended"
        del case.clocks["county_recommendation"]
    driver.expect(lambda: workflow.start_assessment(row, actor=centre, on=driver.day, methods=["material"]))
    marked(driver, case)
    workflow.write_report(row, actor=centre, on=driver.day, text="材料核验符合条件。")
    case.state = "assessing"


def decide(driver: Driver, case: Case, name: str, bureau: str, data: dict, *, between=lambda: None) -> None:
    """Propose and decide, and let something happen in between."""
    row = driver.row(case)
    handler, chief = driver.actor(f"{bureau} handler"), driver.actor(f"{bureau} chief")
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
    marked(driver, case)
    model, on = driver.model, driver.day
    refused: set[str] = set()
    if case.kind == "change" and case.filing is not None:
        now = case.filing.at(on)
        if not any(model.settled(case, key, now) for key in granted):
            refused.add("nothing_granted")
    if case.kind == "initial" and model.filing_of(case.agency, on) is not None:
        refused.add("filed_already")
    # Before the decision all that is proposed is counted; at the decision what is still settled.
    refused |= {f"cap:{key}" for key in model.full(case, model.wanted(case, granted, on), on)}
    if refused:
        _decide_refused(driver, case, data, refused)
        return
    decide(driver, case, "approve", "centre", data)
    filing = model.approve(case, granted, on)
    row = driver.row(case)
    filing.pk = row.granted_filing.pk if case.kind == "initial" else row.filing_id


def _decide_refused(driver: Driver, case: Case, data: dict, reasons: set[str], between=lambda: None) -> None:
    """An approval that must not be: refused for these reasons, and its proposal taken back where there is one."""
    driver.expect(lambda: decide(driver, case, "approve", "centre", data, between=between), refused=reasons)
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
    if case is None or case.kind != "initial" or not filed or driver.model.filing_of(who, driver.day) is not None:
        return
    marked(driver, case)
    data, granted = _granted(driver, case, None)
    if not driver.model.full(case, driver.model.wanted(case, granted, driver.day), driver.day):
        _decide_refused(driver, case, data, {"cap:city"}, between=lambda: year_number(driver, who, filed - 1))


@operation(any_in("assessing"))
def refuse(driver: Driver, who: str, number: int) -> None:
    if case := chosen(driver, who, number, "assessing"):
        decide(driver, case, "refuse", "centre", {"grounds": [{"basis": "M7(2)", "reason": "场地不符合"}]})
        _ended(driver, case, "refused")


@operation(any_in("submitted"))
def decline(driver: Driver, who: str, number: int) -> None:
    if case := chosen(driver, who, number, "submitted"):
        grounds = [{"basis": "M7(1)", "reason": "不在本市登记", "unmendable": True}]
        decide(driver, case, "decline", office(case), {"grounds": grounds})
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
    papers = OfficialDocument.objects.filter(matter_id=str(case.pk), series__in=("refusal", "decline"))
    paper = papers.latest("id")  # an earlier one may have been set aside
    served_on = max(paper.on, driver.day - number % 6 * ONE_DAY)
    issuer = office(case) if case.state == "declined" else "centre"
    record_service(
        driver.row(case),
        paper,
        method="hand",
        served_on=served_on,
        proof=file("回证.pdf"),
        actor=driver.actor(f"{issuer} handler"),
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
    marked(driver, case)
    driver.row(case).materials.filter(key="venue").update(compliant=False, remark="请补充平面图")
    handler = driver.actor(f"{office(case)} handler")
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
    decide(driver, case, "override_cap", "bureau", {"cap": cap, "granted": True, "reason": "产业急需"})
    case.overridden.add(cap)
