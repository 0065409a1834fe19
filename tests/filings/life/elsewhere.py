"""Agencies assigned to the county that has none (M37), and filings loaded from the register of the time of paper."""

import datetime

from core.accounts import credit_codes
from core.reference.models import Occupation
from core.workflow import proposals
from filings.models import Filing
from filings.workflow import assignments
from tests.filings.life import model as life
from tests.filings.life.driver import Driver
from tests.filings.life.ending import filed
from tests.filings.life.model import COUNTY_AREA
from tests.filings.life.operations import operation
from tests.filings.registers import FIRST, loaded

DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@operation(filed)
def assign(driver: Driver, who: str, number: int) -> None:
    """Offered, agreed to and made on one day, or refused: the county has some, or somebody is assigned there."""
    model, on, filing = driver.model, driver.day, driver.model.filing_of(who, driver.day)
    if filing is None:
        return
    held = sorted(key for key in filing.at(on) if key.startswith("occ:"))
    key = held[number % len(held)]
    code = key.removeprefix("occ:")
    there = [one for one in model.assignments if one.code == code and model.assigned(one, on)]
    refused = {"area_has_some"} if model.taken(code, COUNTY_AREA, on) else set()
    refused |= {"assigned_before"} if there else set()
    made = []

    def act() -> None:
        centre, occupation = driver.actor("centre handler"), Occupation.objects.get(pk=code)
        about = {"quota_area": COUNTY_AREA, "levels": list(filing.at(on)[key][0][:1]), "site": "实训楼"}
        row = assignments.offer(
            Filing.objects.get(pk=filing.pk), actor=centre, on=on, occupation=occupation, reason="没有", **about
        )
        assignments.consent(row, actor=driver.agency(who), on=on)
        proposal = proposals.propose(row, "make", actor=centre, on=on, payload={})
        proposals.decide(proposal, actor=driver.actor("centre chief"), on=on)
        made.append(row.pk)

    if driver.expect(act, refused=refused or None):
        model.assignments.append(life.Assignment(filing, code, on, pk=made[0]))


@operation()
def from_paper(driver: Driver, who: str, number: int) -> None:
    """One more filing, of an agency that nobody speaks for: it takes its places whatever the caps say."""
    model, on, place = driver.model, driver.day, 100 + len(driver.model.filings)
    area, until = ("410502", "410523")[number % 2], (on + datetime.timedelta(30 + 40 * number)).replace(day=20)
    body = f"52{area}MJ{place:07}"
    code = next(body + digit for digit in DIGITS if credit_codes.against(body + digit) is None)
    line = {**FIRST, "code": f"S000041{900000 + place}", "name": f"纸质备案学校{place}", "credit_code": code}
    line |= {"area": area, "valid_from": None, "valid_until": until + datetime.timedelta(30), "levels": "五级、四级"}
    (row,) = loaded(driver.world, line, on=on)
    site = f"site:{next(model.fresh)}"
    says = {"name": line["name"], "seat": area, site: (row.sites.get().name, area)}
    says["occ:6-18-02-04"] = (5, 4), frozenset({site})
    since, until = row.valid_from, row.valid_until
    receipts = [life.Receipt(since, until)]
    counted = until.replace(year=until.year - life.YEARS)
    model.filings.append(
        life.Filing("paper", since, [(since, says)], since, until, counted, receipts=receipts, pk=row.pk)
    )
