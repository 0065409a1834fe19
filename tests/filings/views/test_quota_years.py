"""年度名额: a number takes two people, says beforehand what it would do, and stays with who set it on what paper."""

import datetime

import pytest
import time_machine

from core.clock.clock import SHANGHAI
from core.workflow import proposals
from core.workflow.models import Proposal
from filings.models import QuotaYear
from tests.world import DAY, World, assessing, filed, make_world

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=SHANGHAI)
PAGE = "/bureau/quota/"


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def test_the_years_number_takes_two_people(world):
    handler, chief = world.browser("bureau handler"), world.browser("bureau chief")
    sent = {"year": "2026", "places": "45", "source": "局长办公会纪要"}
    assert chief.post("/bureau/quota/", sent).status_code == 422
    assert handler.post("/bureau/quota/", {**sent, "year": "2025"}).status_code == 422
    assert handler.post("/bureau/quota/", sent).status_code == 302
    found = Proposal.objects.get()
    assert QuotaYear.objects.get(year=2026).places == 40
    assert "设为 45 家的话：还可以备案 45 家" in chief.get("/bureau/quota/").content.decode()
    assert handler.post(f"/bureau/quota/{found.pk}/decide/").status_code == 403
    assert chief.post(f"/bureau/quota/{found.pk}/decide/").status_code == 302
    row = QuotaYear.objects.get(year=2026)
    assert row.places == 45
    assert row.history.count() == 2
    assert proposals.matter_of(found).state == "set"


def test_what_a_number_would_mean_is_said_before_it_is_proposed(world):
    filed(world)
    handler = world.browser("bureau handler")
    for number, said in {
        "1": "正好满额",
        "0": "现有 1 家，超出 1 家；已备案的不受影响",
        "41": "还可以备案 40 家",
    }.items():
        assert said in handler.get("/bureau/quota/", {"places": number}).content.decode()
    for nonsense in ("", "-3", "四十", "99999"):
        assert "的话：" not in handler.get("/bureau/quota/", {"places": nonsense}).content.decode()


def test_the_figures_stand_side_by_side_with_what_changes(world):
    assessing(world)
    handler = world.browser("bureau handler")
    rows = {one.label: one for one in handler.get(PAGE, {"places": "0"}).context["effect"].rows}
    assert {label: (one.now, one.then, one.change) for label, one in rows.items()} == {
        "预设数量": (40, 0, "-40"),
        "空余": (40, 0, "-40"),
        "在评估的首次申请": (1, 1, ""),
        "其中排不上的": (0, 1, "+1"),
    }


def set_number(world: World, year: int, places: int, source: str) -> None:
    sent = {"year": str(year), "places": str(places), "source": source}
    assert world.browser("bureau handler").post(PAGE, sent).status_code == 302
    found = Proposal.objects.order_by("-id").first()
    assert world.browser("bureau chief").post(f"{PAGE}{found.pk}/decide/").status_code == 302


def test_every_number_stays_with_its_paper_and_with_who_proposed_and_decided_it(world):
    for year, places, source in ((2026, 42, "纪要一"), (2026, 44, "纪要二"), (2027, 50, "纪要三")):
        set_number(world, year, places, source)
    answer = world.browser("bureau chief").get(PAGE)
    assert [(one.year, one.places, one.source, one.word) for one in answer.context["lines"]] == [
        (2027, 50, "纪要三", "待生效"),
        (2026, 44, "纪要二", "现行"),
        (2026, 42, "纪要一", "已改"),
    ]
    handler, chief = (world.people[f"bureau {who}"].user for who in ("handler", "chief"))
    for line in answer.context["lines"]:
        assert (line.proposal.proposed_user, line.proposal.decided_user) == (handler, chief)
    assert [(bar.label, bar.total) for bar in answer.context["chart"].bars] == [("2026", 44), ("2027", 50)]
    assert answer.context["rows"] == [], "what was decided stands among the years alone"


def test_a_number_given_back_stays_among_the_proposals_with_the_answer(world):
    sent = {"year": "2026", "places": "45", "source": "纪要"}
    world.browser("bureau handler").post(PAGE, sent)
    found = Proposal.objects.get()
    chief = world.browser("bureau chief")
    assert chief.post(f"{PAGE}{found.pk}/return/", {"answer": "请附依据"}).status_code == 302
    answer = chief.get(PAGE)
    assert "请附依据" in answer.content.decode()
    assert [(row["effect"], row["decides"]) for row in answer.context["rows"]] == [(None, False)]
    assert {line.places for line in answer.context["lines"]} == {40}
