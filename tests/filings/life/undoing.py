"""What 行政复议 or a court sets aside: the matter is back in its earlier state, with a fresh clock (DOMAIN.md)."""

from filings.workflow.setting_aside import upload_ruling
from tests.filings.life.deciding import decide, office
from tests.filings.life.driver import Driver
from tests.filings.life.model import COMPLETENESS, DECISION, Case
from tests.filings.life.operations import operation
from tests.world import file

# What was decided: the state before.
BEFORE = {"declined": "submitted", "abandoned": "correcting", "refused": "assessing", "approved": "assessing"}


def decided(driver: Driver, who: str) -> list[Case]:
    """What can be set aside here: what went against the agency, and a first filing that was granted."""
    ended = [case for case in driver.model.cases if case.agency == who and case.state in BEFORE]
    return [case for case in ended if case.state != "approved" or case.granted is not None]


@operation(lambda driver, who: bool(decided(driver, who)))
def set_aside(driver: Driver, who: str, number: int) -> None:
    """Take a matter up again by a ruling, or be told what stands in the way."""
    found = decided(driver, who)
    if not found:
        return
    case = found[number % len(found)]
    bureau = office(case) if case.state in ("declined", "abandoned") else "centre"
    data = {**ruling(driver, case, bureau), "certificates_stand": True}
    if driver.expect(lambda: decide(driver, case, "set_aside", bureau, data), refused=against(driver, case) or None):
        taken_up(driver, case)


def ruling(driver: Driver, case: Case, bureau: str) -> dict:
    """Another ruling of today, its scan uploaded."""
    on, number = driver.day, driver.rulings
    driver.rulings += 1
    upload_ruling(driver.row(case), file("判决书.pdf"), actor=driver.actor(f"{bureau} handler"), on=on)
    return {
        "authority": "court",
        "number": f"（{on.year}）豫05行初{number}号",
        "ruled_on": on.isoformat(),
        "orders": "撤销原决定，责令重新作出处理。",
    }


def revoked(driver: Driver, who: str) -> list[Case]:
    """What was granted, set aside, and not granted anew."""
    mine = [case for case in driver.model.cases if case.agency == who and case.revoked is not None]
    return [case for case in mine if case.state in ("assessing", "refused", "withdrawn")]


@operation(lambda driver, who: bool(revoked(driver, who)))
def reinstate(driver: Driver, who: str, number: int) -> None:
    """Let a grant stand again by a later ruling, whatever the caps say, or be told what stands in the way."""
    found = revoked(driver, who)
    if not found:
        return
    case = found[number % len(found)]
    assert case.revoked is not None
    against = set()
    if driver.model.open_case(who, "initial") not in (None, case):
        against.add("open_already")
    if driver.model.filing_of(who, driver.day) is not None:
        against.add("filed_anew")
    if case.revoked.ended_before:
        against.add("nothing_to_restore")
    data = ruling(driver, case, "centre")
    if driver.expect(lambda: decide(driver, case, "reinstate", "centre", data), refused=against or None):
        driver.model.reinstate(case.revoked, driver.day)
        case.state, case.granted, case.revoked, case.unserved = "approved", case.revoked, None, False
        case.clocks.clear()


def against(driver: Driver, case: Case) -> set[str]:
    """A newer open application is withdrawn first; without its filing, or beside a newer one, nothing is taken up."""
    model, on, filing = driver.model, driver.day, case.filing
    reasons = set()
    over = filing is not None and filing.last is not None
    if case.kind != "initial" and filing is not None:
        ran_out = case.kind == "renewal" and filing.end in ("", "expired")
        if not model.in_force(filing, on) and not ran_out:
            reasons.add("filing_ended")
        if case.moot:
            reasons.add("later_renewal")
    kind = "initial" if case.kind == "renewal" and case.late and over else case.kind
    if model.open_case(case.agency, kind):
        reasons.add("open_already")
    newer = model.filing_of(case.agency, on)
    if newer not in (None, filing, case.granted) and case.state != "approved":
        reasons.add("filed_anew")
    return reasons


def taken_up(driver: Driver, case: Case) -> None:
    """A grant set aside revokes its filing from today; a timely renewal undecided again holds its own, which is in
    force again where it had run out; a late one without its filing goes on as an initial application (M14)."""
    model, on = driver.model, driver.day
    if case.granted is not None:
        model.revoke(case.granted, on)
        case.granted, case.revoked = None, case.granted
    case.state, case.unserved = BEFORE[case.state], False
    case.clocks = {
        "submitted": {"completeness": (on, model.days.workdays(on, COMPLETENESS)[0])},
        "correcting": {"correction": (on, model.days.agency_days(on, 15)[0])},
        "assessing": {"decision": (on, model.days.workdays(on, DECISION)[0])},
    }[case.state]
    if case.kind == "renewal" and case.filing is not None and case.filing.last is not None:
        if case.late:
            case.kind = "initial"
        else:
            case.filing.last, case.filing.end = None, ""
