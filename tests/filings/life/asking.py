"""What the agencies ask for: initial applications, changes, renewals, drafts left lying; and their withdrawal."""

from filings import workflow
from tests.filings.life.driver import CODES, Driver
from tests.filings.life.model import OPENING, Case, only_narrows
from tests.filings.life.operations import Ready, any_in, chosen, operation
from tests.filings.model import ONE_DAY


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
    if filing.last is not None:
        return {"filing_over"}  # today is its last day
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
    if case.kind == "initial" and driver.model.filing_of(case.agency, driver.day) is not None:
        refused.add("filed_already")
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
