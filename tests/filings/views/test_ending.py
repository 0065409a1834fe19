"""The pages of a deregistration: who sees and does what, what a refusal looks like, what stays afterwards."""

import datetime

import pytest
import time_machine

from core.clock.clock import SHANGHAI
from core.refusals import Reason
from core.workflow import proposals
from filings import obstacles, workflow
from filings.models import Deregistration
from tests.world import decide, file, filed, make_world

pytestmark = pytest.mark.django_db

DAY = datetime.date(2027, 3, 1)
WHY = "学校转型，不再开展评价。"


@pytest.fixture
def world(db):
    world = make_world()
    with time_machine.travel(datetime.datetime.combine(DAY, datetime.time(10), SHANGHAI), tick=False):
        yield world


def asked(world, filing):
    return workflow.ask_deregistration(filing, actor=world.actor("agency admin", DAY), on=DAY, reason=WHY)


def said(response):
    return response.content.decode()


def test_the_agencys_admin_asks_and_takes_back_once_for_each_form(world):
    filing = filed(world)
    browser, at = world.browser("agency admin"), f"/filings/{filing.pk}/deregistration/"
    assert "决定当日生效" in said(browser.get(at))
    assert browser.post(at, {"reason": ""}).status_code == 422
    for _ in range(2):
        assert browser.post(at, {"reason": WHY, "idempotency_key": "one"}).url == f"/filings/{filing.pk}/"
    row = Deregistration.objects.get()
    again = browser.post(at, {"reason": WHY, "idempotency_key": "two"})
    assert (again.status_code, "不能重复提出" in said(again)) == (422, True)
    page = said(browser.get(f"/filings/{filing.pk}/"))
    assert WHY in page
    assert "申请注销备案</a>" not in page
    browser.post(f"/filings/{filing.pk}/deregistration/{row.pk}/take-back/")
    row.refresh_from_db()
    assert row.taken_back_on == DAY
    browser.post(f"/filings/{filing.pk}/deregistration/{row.pk}/take-back/")
    assert "已收回，不能再收回" in said(browser.get(f"/filings/{filing.pk}/"))


@pytest.mark.parametrize(
    ("name", "page", "ask", "listed", "propose"),
    [
        ("agency staff", 200, 200, 403, 403),
        ("rival admin", 404, 404, 403, 403),
        ("county handler", 200, 403, 403, 403),
        ("other county handler", 404, 403, 403, 403),
        ("centre chief", 200, 403, 200, 200),
        ("bureau handler", 200, 403, 200, 200),
        ("experts expert", 403, 403, 403, 403),
        ("operator administrator", 403, 403, 403, 403),
    ],
)
def test_who_finds_which_page(world, name, page, ask, listed, propose):
    filing = filed(world)
    asked(world, filing)
    browser, at = world.browser(name), f"/filings/{filing.pk}/"
    found = [
        browser.get(address).status_code
        for address in (at, f"{at}deregistration/", "/deregistrations/", f"{at}transitions/deregister/")
    ]
    assert found == [page, ask, listed, propose]
    if name != "agency admin":
        browser.post(f"{at}deregistration/", {"reason": WHY})
        browser.post(f"{at}transitions/deregister/", {"deregistration": Deregistration.objects.get().pk})
        assert Deregistration.objects.count() == 1
        assert proposals.open_for(filing) is None


def test_the_handler_proposes_with_the_decision_previewed(world):
    filing = filed(world)
    row = asked(world, filing)
    browser, at = world.browser("centre handler"), f"/filings/{filing.pk}/transitions/deregister/"
    assert filing.name in said(browser.get("/deregistrations/"))
    assert WHY in said(browser.get(at))
    preview = browser.get(f"{at}preview/")
    assert (preview["Content-Type"], preview.content[:4]) == ("application/pdf", b"%PDF")
    assert world.browser("centre chief").get(f"{at}preview/").status_code == 404

    def open_case(filing, on):
        return [Reason("case_open", "还有未办结的案件。")]

    obstacles.register(open_case)
    try:
        assert "还有未办结的案件" in said(browser.get(at))
        assert "还有未办结的案件" in said(world.browser("agency admin").get(f"/filings/{filing.pk}/deregistration/"))
        assert browser.post(at, {"deregistration": row.pk}).status_code == 409
    finally:
        obstacles.unregister(open_case)
    assert browser.post(at, {}).status_code == 422
    assert browser.post(at, {"deregistration": row.pk, "proposal_reason": "没有未结事项。"}).status_code == 302
    proposal = proposals.open_for(filing)
    chief = world.browser("centre chief")
    assert chief.get(at).url == f"/proposals/{proposal.pk}/"
    page = said(chief.get(f"/proposals/{proposal.pk}/"))
    assert "没有未结事项。" in page
    assert "决定：注销备案" in page
    assert f"注销备案：{filing.name}" in said(chief.get("/desk/"))
    assert chief.get(f"/proposals/{proposal.pk}/preview/")["Content-Type"] == "application/pdf"
    assert world.browser("agency admin").get(f"/proposals/{proposal.pk}/").status_code == 403
    assert world.browser("other county chief").get(f"/proposals/{proposal.pk}/").status_code == 404
    assert chief.post(f"/proposals/{proposal.pk}/return/", {"answer": ""}).status_code == 409
    for _ in range(2):
        assert chief.post(f"/proposals/{proposal.pk}/decide/").url == f"/filings/{filing.pk}/"
    filing.refresh_from_db()
    assert filing.state == "deregistered"


def test_a_proposal_is_taken_back_by_who_made_it(world):
    filing = filed(world)
    row = asked(world, filing)
    browser = world.browser("centre handler")
    browser.post(f"/filings/{filing.pk}/transitions/deregister/", {"deregistration": row.pk})
    proposal = proposals.open_for(filing)
    assert "收回提议" in said(browser.get(f"/filings/{filing.pk}/"))
    assert browser.post(f"/proposals/{proposal.pk}/take-back/").url == f"/filings/{filing.pk}/"
    assert proposals.open_for(filing) is None


def test_that_a_legal_person_has_ceased_is_recorded_with_its_proof(world):
    filing = filed(world)
    browser, at = world.browser("centre handler"), f"/filings/{filing.pk}/deregistration/ceased/"
    sent = {"ceased_on": "2027-02-20", "reason": "登记机关已准予注销登记。"}
    assert browser.post(at, sent).status_code == 422
    wrong = browser.post(at, sent | {"proof": file("证明.exe", b"MZ")})
    assert (wrong.status_code, Deregistration.objects.count()) == (422, 0)
    late = browser.post(at, sent | {"ceased_on": "2027-03-02", "proof": file()})
    assert "不能晚于今天" in said(late)
    assert browser.post(at, sent | {"proof": file("注销登记通知书.pdf")}).status_code == 302
    row = Deregistration.objects.get()
    for name, status in (("agency admin", 200), ("county chief", 200), ("rival admin", 404), ("experts expert", 404)):
        assert world.browser(name).get(f"/files/{row.proof_id}/").status_code == status, name
    assert world.browser("centre chief").get(at).status_code == 200
    assert "由市中心的经办人登记" in said(world.browser("centre chief").get(at))


def test_what_stays_afterwards_is_seen_by_those_who_saw_it(world):
    filing = filed(world)
    decide(world, filing, "deregister", "centre", DAY, deregistration=asked(world, filing).pk)
    for name in ("agency admin", "agency staff", "county handler", "centre handler", "bureau chief"):
        page = said(world.browser(name).get(f"/filings/{filing.pk}/"))
        assert "自2027年3月1日起。" in page, name
        for words in ("注销备案决定书", "备案的经过", "焊工", "安人社职评备〔2026〕1号"):
            assert words in page, (name, words)
        assert "申请变更备案" not in page
    assert world.browser("rival admin").get(f"/filings/{filing.pk}/").status_code == 404
    desk = said(world.browser("agency admin").get("/desk/"))
    assert "现在没有有效的备案" in desk
    assert "从空白开始" in desk or "开始填写" in desk
