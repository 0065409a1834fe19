"""Deregistration, asked for by the agency and decided by two; suspensions, imposed and lifted by whatever decides."""

from django.db import transaction as database

from core.documents.models import OfficialDocument
from core.workflow import proposals
from filings.models import Filing, Suspension
from filings.workflow.ending import ask_deregistration
from filings.workflow.serving import record_service
from filings.workflow.suspending import lift, suspend
from tests.filings.life.driver import Driver
from tests.filings.life.operations import Ready, operation
from tests.filings.model import ONE_DAY
from tests.world import file


def filed(driver: Driver, who: str) -> bool:
    return driver.model.filing_of(who, driver.day) is not None


def decided_unserved(driver: Driver, who: str) -> bool:
    """Whether a deregistration has been decided and waits for its service."""
    filing = driver.model.filing_of(who, driver.day)
    return filing is not None and filing.deregistering


@operation(lambda driver, who: filed(driver, who) and not decided_unserved(driver, who))
def deregister(driver: Driver, who: str, number: int) -> None:
    """Asked for and decided: in effect at once in the portal, else on service; until then the filing stays."""
    filing = driver.model.filing_of(who, driver.day)
    if filing is None or filing.deregistering or filing.last is not None:
        return
    row, on = Filing.objects.get(pk=filing.pk), driver.day
    ground = ask_deregistration(row, actor=driver.agency(who), on=on, reason="不再开展评价。")
    handler, chief = driver.actor("centre handler"), driver.actor("centre chief")
    payload = {"deregistration": ground.pk}
    proposal = proposals.propose(row, "deregister", actor=handler, on=on, payload=payload)
    driver.expect(lambda: proposals.decide(proposal, actor=chief, on=on))
    if who == "c":
        filing.deregistering = True
    else:
        driver.model.ends(filing, "deregistered", on - ONE_DAY)


@operation(decided_unserved)
def serve_deregistration(driver: Driver, who: str, number: int) -> None:
    """Record that the decision was handed over: the filing ends on that day."""
    filing = driver.model.filing_of(who, driver.day)
    if filing is None or not filing.deregistering:
        return
    row, on = Filing.objects.get(pk=filing.pk), driver.day
    paper = OfficialDocument.objects.get(series="deregistration", matter_id=str(row.pk))
    proof, handler = file("回证.pdf"), driver.actor("centre handler")
    record_service(row, paper, method="hand", served_on=on, proof=proof, actor=handler, on=on)
    driver.model.ends(filing, "deregistered", on - ONE_DAY)


@operation(filed)
def suspend_evaluation(driver: Driver, who: str, number: int) -> None:
    """For some days or until it is lifted, by one of two matters; the same matter suspends once at a time."""
    filing = driver.model.filing_of(who, driver.day)
    if filing is None:
        return
    by = driver.world.people[("centre chief", "bureau chief")[number % 2]]
    until = driver.day + (number - 10) * ONE_DAY if number > 10 else None
    running = any(one.by == by.pk and one.until is None for one in filing.suspensions)
    row = Filing.objects.get(pk=filing.pk)

    @database.atomic
    def act() -> None:
        suspend(row, matter=by, source="督查发现问题", actor=driver.actor("centre chief"), on=driver.day, until=until)

    if driver.expect(act, refused={"suspended_before"} if running else None):
        filing.suspend(by.pk, driver.day, until)


def any_suspension() -> Ready:
    return lambda driver, who: any(
        one.until is None for filing in driver.model.filings if filing.agency == who for one in filing.suspensions
    )


@operation(any_suspension())
def lift_suspension(driver: Driver, who: str, number: int) -> None:
    """Lift one that runs on; another that holds suspends on."""
    running = [
        (filing, one)
        for filing in driver.model.filings
        if filing.agency == who
        for one in filing.suspensions
        if one.until is None
    ]
    if not running:
        return
    filing, one = running[number % len(running)]
    row = Suspension.objects.get(filing=filing.pk, matter_id=str(one.by), until=None)
    with database.atomic():
        lift(row, actor=driver.actor("centre chief"), on=driver.day, reason="整改完成")
    one.until = driver.day
