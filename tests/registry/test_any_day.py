"""Every state that the public finds a filing and its receipts in, on any day asked, past or to come."""

import datetime

import pytest

from core.documents.models import OfficialDocument
from core.workflow import proposals
from filings import workflow
from filings.models import Filing
from filings.workflow import suspending
from registry import days, verification
from registry.directory import find
from tests.world import DAY, decide

pytestmark = pytest.mark.django_db

ONE = datetime.timedelta(days=1)
EVENT, BACK = datetime.date(2027, 3, 1), datetime.date(2027, 4, 1)
END = datetime.date(2029, 9, 18)
NEXT = END + ONE
LONG_AFTER = datetime.date(2033, 1, 1)
CODE = "S000041000001"
SUSPENDED = [{"since": EVENT.isoformat(), "until": None, "source": "警告限期整改决定"}]
LIFTED = [SUSPENDED[0] | {"until": BACK.isoformat()}]
NEW = {"receipt": "安人社职评备〔2027〕1号", "verification": "NEWC-ODEN-EWCO-DE22"}
RENEWED = NEW | {"valid_from": NEXT.isoformat(), "valid_until": "2032-09-18"}


def ended(state, on=EVENT):
    return {"state": state, "ended_on": on.isoformat()}


# What is published after the filing, on which day; then day -> (the filing, its first receipt).
TABLE = {
    "filed": (
        [],
        {
            DAY - ONE: ("unknown", "coming"),
            DAY: ("valid", "valid"),
            END: ("valid", "valid"),
            NEXT: ("expired", "expired"),
        },
    ),
    "changed": (
        [(EVENT, NEW)],
        {EVENT - ONE: ("valid", "valid"), EVENT: ("valid", "superseded"), NEXT: ("expired", "superseded")},
    ),
    "renewed ahead": (
        [(END - 30 * ONE, RENEWED)],
        {END - 30 * ONE: ("valid", "valid"), END: ("valid", "valid"), NEXT: ("valid", "superseded")},
    ),
    "suspended": (
        [(EVENT, {"suspensions": SUSPENDED, "event": "suspended"})],
        {
            EVENT - ONE: ("valid", "valid"),
            EVENT: ("suspended", "suspended"),
            END: ("suspended", "suspended"),
            NEXT: ("expired", "expired"),
        },
    ),
    "suspended and lifted": (
        [(EVENT, {"suspensions": SUSPENDED, "event": "suspended"}), (BACK, {"suspensions": LIFTED, "event": "lifted"})],
        {
            EVENT - ONE: ("valid", "valid"),
            EVENT: ("suspended", "suspended"),
            BACK - ONE: ("suspended", "suspended"),
            BACK: ("valid", "valid"),
        },
    ),
    "suspended, with a receipt superseded": (
        [(EVENT, {"suspensions": SUSPENDED}), (BACK, NEW)],
        {EVENT: ("suspended", "suspended"), BACK: ("suspended", "superseded")},
    ),
    **{
        state: (
            [(EVENT, ended(state))],
            {
                DAY - ONE: ("unknown", "coming"),
                EVENT - ONE: ("valid", "valid"),
                EVENT: (state, state),
                NEXT: (state, state),
            },
        )
        for state in ("terminated", "deregistered", "revoked")
    },
    "terminated while suspended": (
        [(EVENT, {"suspensions": SUSPENDED}), (BACK, ended("terminated", BACK))],
        {BACK - ONE: ("suspended", "suspended"), BACK: ("terminated", "terminated")},
    ),
    "expired": (
        [(END, ended("expired", END))],
        {END: ("valid", "valid"), NEXT: ("expired", "expired")},
    ),
    # Served in March and recorded in April, after a change had been published.
    "deregistered with its service recorded late": (
        [(BACK - ONE, NEW), (EVENT, ended("deregistered"))],
        {EVENT - ONE: ("valid", "valid"), EVENT: ("deregistered",) * 2, BACK: ("deregistered",) * 2},
    ),
    # Undone by a review: in between it had ended.
    "restored": (
        [(EVENT, ended("terminated")), (BACK, {"state": "active", "ended_on": None})],
        {EVENT: ("terminated", "terminated"), BACK: ("valid", "valid"), NEXT: ("expired", "expired")},
    ),
}


def found(receipt, on, known):
    agency = find(CODE, on, known)
    standing = agency.finding.standing.value if agency else "unknown"
    return standing, verification.by_code(receipt.code, on, known).finding.standing.value


@pytest.mark.parametrize("case", TABLE)
def test_every_state_on_every_day_asked_long_after(receipt, republish, case):
    events, expected = TABLE[case]
    for on, changed in events:
        republish(on, **changed)
    assert {day: found(receipt, day, LONG_AFTER) for day in expected} == expected


def test_asked_ahead_it_tells_what_is_known_today(receipt, republish):
    republish(EVENT, **ended("deregistered"))
    assert {day: found(receipt, day, DAY) for day in (EVENT, END, NEXT)} == {
        EVENT: ("valid", "valid"),
        END: ("valid", "valid"),
        NEXT: ("expired", "expired"),
    }


def test_a_code_that_no_paper_bears_is_unknown_on_any_day(world):
    for day in (DAY, LONG_AFTER):
        assert verification.by_code("AAAA-BBBB-CCCC-DDDD", day, DAY).finding.standing.value == "unknown"


def test_real_events_are_found_on_their_days(world, application, receipt):
    filing = Filing.objects.get()
    chief = world.actor("centre chief", EVENT)
    row = suspending.suspend(filing, matter=("sanctions.case", "1"), source="警告限期整改决定", actor=chief, on=EVENT)
    agency = find(CODE, EVENT)
    assert "自2027年3月1日起，依据警告限期整改决定。" in agency.finding.why
    assert agency.finding.in_force
    assert not agency.finding.evaluates
    suspending.lift(row, actor=world.actor("centre chief", BACK), on=BACK, reason="整改经复查合格。")
    on = BACK + ONE
    asked = workflow.ask_deregistration(filing, actor=world.actor("agency admin", on), on=on, reason="不再开展评价。")
    decide(world, filing, "deregister", "centre", on, deregistration=asked.pk)
    assert proposals.open_for(filing) is None
    days_asked = (EVENT - ONE, EVENT, BACK, on, END + ONE)
    states = ["valid", "suspended", "valid", "deregistered", "deregistered"]
    assert [found(receipt, day, LONG_AFTER) for day in days_asked] == [(state, state) for state in states]
    labels = [change.label for change in find(CODE, on).changes]
    assert labels == ["注销备案", "恢复评价", "暂停评价", "同意备案"]
    paper = OfficialDocument.objects.get(series="deregistration")
    assert verification.by_code(paper.code, on).finding.standing.value == "authentic"


@pytest.mark.parametrize("ask", ["/agencies/{code}/?on={on}", "/verify/{receipt}/?on={on}"])
def test_the_pages_take_a_day(client, receipt, republish, today, ask):
    republish(EVENT, **ended("deregistered"))
    today(BACK)

    def answer(on):
        return client.get(ask.format(code=CODE, receipt=receipt.code, on=on))

    assert "已注销" in answer("").content.decode()
    past = answer((EVENT - ONE).isoformat())
    assert "以 2027年2月28日为准" in past.content.decode()
    assert "自2027年3月1日起注销备案" not in past.content.decode()
    for nonsense in ("1999-01-01", "2099-01-01", "soon"):
        refused = answer(nonsense)
        assert (refused.status_code, "已注销" in refused.content.decode()) == (422, True)
    assert answer((DAY - ONE).isoformat()).status_code == (404 if "agencies" in ask else 200)


def test_the_list_takes_a_day_and_keeps_it(client, receipt, republish, today):
    republish(EVENT, **ended("deregistered"))
    today(BACK)

    def read(on, **more):
        answer = client.get("/agencies/", {"on": on, **more})
        return answer.status_code, answer.getvalue().decode()

    past = (EVENT - ONE).isoformat()
    status, page = read(past, status="valid")
    assert status == 200
    for words in (
        "以 2027年2月28日为准",
        f"/agencies/{CODE}/?on={past}",
        f"?on={past}&amp;status=valid&amp;export=csv",
    ):
        assert words in page, words
    assert CODE not in read("", status="valid")[1]
    assert "为准" not in read("")[1]
    assert CODE not in read((DAY - ONE).isoformat())[1]
    assert "这一天还没有到" in read("2030-01-01")[1]
    status, file = read(past, export="csv")
    assert (status, "有效" in file, "已注销" in file) == (200, True, False)
    for nonsense in ("1999-01-01", "2099-01-01", "soon"):
        for more in ({}, {"export": "csv"}):
            status, page = read(nonsense, **more)
            assert (status, "这一天查不了" in page, "为准" in page, CODE in page) == (422, True, False, False)


@pytest.mark.parametrize("ask", ["agencies/{code}/", "agencies/", "verify/{receipt}/"])
def test_the_public_api_takes_a_day(client, receipt, republish, today, ask):
    republish(EVENT, **ended("deregistered"))
    today(BACK)
    address = f"/api/v1/public/{ask.format(code=CODE, receipt=receipt.code)}"

    def standing(on):
        read = client.get(address, {"on": on}).json()
        read = read.get("results", [read])[0]
        return read.get("status") or read["state"], read["as_of"]

    assert standing((EVENT - ONE).isoformat()) == ("valid", "2027-02-28")
    assert standing(EVENT.isoformat()) == ("deregistered", "2027-03-01")
    assert standing("2030-01-01") == ("deregistered", "2030-01-01")
    for nonsense in ("1999-01-01", "2099-01-01", "soon"):
        assert client.get(address, {"on": nonsense}).status_code == 400


def test_the_look_up_finds_who_is_suspended(client, receipt, republish, today):
    republish(EVENT, suspensions=SUSPENDED, event="suspended")
    today(BACK)
    listed = client.get("/agencies/", {"status": "suspended"}).content.decode()
    assert CODE in listed
    assert "暂停评价" in listed
    assert CODE not in client.get("/agencies/", {"status": "valid"}).content.decode()
    read = client.get("/api/v1/public/agencies/", {"status": "suspended"}).json()["results"][0]
    assert (read["status_text"], "警告限期整改决定" in read["status_reason"]) == ("暂停评价", True)
    announced = client.get("/announcements/").content.decode()
    assert "暂停评价的公告" in announced


def test_a_day_is_asked_within_reason():
    assert days.against(DAY, DAY) == ""
    assert days.against(datetime.date(2036, 12, 31), DAY) == ""
    for day in (datetime.date(2022, 12, 31), datetime.date(2037, 1, 1)):
        assert "2023年1月1日至2036年12月31日" in days.against(day, DAY)
