"""Filters that people keep over a list: counted as the list counts, one's own alone, never more than fit."""

import datetime

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse

from core.clock.clock import SHANGHAI
from core.deadlines.models import Clock
from core.web import saved_filters
from core.web.models import SavedFilter
from filings.forms.officers_filter import QueueFilter
from filings.models import Application
from filings.views import presets
from tests.world import World, make_world, submitted

pytestmark = pytest.mark.django_db

LIST = "filings:applications"
KEEP = "/desk/filters/"


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(datetime.datetime(2026, 9, 22, 12, tzinfo=SHANGHAI), tick=True):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def officer(world):
    return world.browser("county handler")


def keep(browser, query: str, label: str = "待补正", name: str = LIST):
    return browser.post(KEEP, {"list": name, "query": query, "label": label}, follow=True)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("q=&state=correcting&page=3&cursor=abc&export=xlsx", "state=correcting"),
        ("view=all&kind=change", "kind=change&view=all"),
        ("kind=change&view=all&q=", "kind=change&view=all"),
        ("", ""),
        ("page=2", ""),
    ],
)
def test_a_filter_is_kept_in_one_form_and_without_the_place_in_the_list(given, kept):
    assert saved_filters.canonical(given) == kept


def test_kept_counted_opened_and_removed(world, officer):

    submitted(world)
    page = keep(officer, "state=submitted&q=", "待受理的")
    assert page.request["QUERY_STRING"] == "state=submitted"
    assert "已保存常用筛选“待受理的”" in page.content.decode()
    keep(officer, "state=correcting", "待补正")

    page = officer.get(reverse(LIST), {"state": "submitted"})
    shown = page.context["saved"]
    assert [(one.label, one.count, one.active) for one in shown["kept"]] == [
        ("待受理的", 1, True),
        ("待补正", 0, False),
    ]
    assert page.context["page"].count == 1
    assert not shown["can_keep"]  # this very filter is kept already

    first = SavedFilter.objects.earliest("id")
    page = officer.post(reverse("web:remove-filter", args=[first.pk]), {"query": "state=submitted"}, follow=True)
    assert [one.label for one in page.context["saved"]["kept"]] == ["待补正"]
    assert page.context["saved"]["can_keep"]


def test_the_same_name_again_takes_the_new_conditions(officer):
    keep(officer, "state=correcting", "我的")
    keep(officer, "state=accepted", " 我的 ")
    assert [(one.label, one.query) for one in SavedFilter.objects.all()] == [("我的", "state=accepted")]


@pytest.mark.parametrize(
    ("query", "label", "said"),
    [
        ("state=accepted", "", "取一个名称"),
        ("state=accepted", "名" * 13, "不超过 12 个字"),
        ("page=2", "第二页", "请先在列表中选好条件"),
        ("q=" + "x" * 500, "太长", "请先在列表中选好条件"),
    ],
)
def test_what_cannot_be_kept_says_why_and_keeps_the_list_as_it_was(officer, query, label, said):
    page = keep(officer, query, label)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not SavedFilter.objects.exists()


def test_no_more_than_fit_over_a_list(officer):
    for number in range(saved_filters.MOST):
        keep(officer, f"q={number}", f"第{number}个")
    assert "请先删去不用的" in keep(officer, "q=more", "再一个").content.decode()
    assert SavedFilter.objects.count() == saved_filters.MOST
    assert "已保存" in keep(officer, "q=other", "第0个").content.decode()
    assert not officer.get(reverse(LIST), {"q": "unsaved"}).context["saved"]["can_keep"]


def test_nobody_sees_or_removes_another_ones(world, officer):
    keep(officer, "state=accepted", "我的")
    other = world.browser("county chief")
    assert other.get(reverse(LIST)).context["saved"]["kept"] == []
    kept = SavedFilter.objects.get()
    assert other.post(reverse("web:remove-filter", args=[kept.pk])).status_code == 404
    assert SavedFilter.objects.count() == 1


def test_only_lists_that_are_known(officer):
    assert keep(officer, "q=1", name="admin:index").status_code == 404


@pytest.mark.parametrize(("name", "query"), [("filings:filings", "lens=expiring30"), (LIST, "view=all&kind=renewal")])
def test_every_list_that_keeps_filters_shows_them(officer, name, query):
    page = keep(officer, query, "常看的", name)
    assert [(one.label, one.count, one.active) for one in page.context["saved"]["kept"]] == [("常看的", 0, True)]
    assert "常看的" in page.content.decode()


OFFICES = ("county handler", "centre handler", "bureau chief")


@pytest.mark.parametrize("who", OFFICES)
def test_an_office_is_offered_filters_that_its_list_understands(world, who):
    offered = presets.PRESETS[world.actor(who).kind]
    assert len({label for label, _ in offered}) == len(offered) >= 4
    longest = SavedFilter._meta.get_field("label").max_length
    for label, query in offered:
        assert len(label) <= longest
        assert saved_filters.canonical(query) == query
        form = QueueFilter(QueryDict(query), several_offices=True)
        assert form.is_valid()
        assert len([value for value in form.cleaned_data.values() if value]) == 1, "the filter knows what it names"


def test_what_is_offered_is_counted_opened_and_gives_way_to_ones_own(world, officer):
    submitted(world)  # received on the 18th, to be looked through by the 24th

    def offered() -> dict[str, int]:
        return {one.label: one.count for one in officer.get(reverse(LIST)).context["saved"]["offered"]}

    assert offered() == {"等我办理": 1, "三个工作日内届满": 1, "已逾期": 0, "补正中": 0, "窗口代录": 0}
    Application.objects.update(entered_by=world.people["county handler"], counter_on=datetime.date(2026, 9, 18))
    clock = Clock.objects.filter(state="running", kind="completeness")
    for due, soon, late in (
        # The holiday of 25 to 27 September lies between: the 28th is the third working day after the 22nd.
        (datetime.date(2026, 9, 28), 1, 0),
        (datetime.date(2026, 9, 29), 0, 0),
        (datetime.date(2026, 9, 22), 1, 0),
        (datetime.date(2026, 9, 21), 0, 1),
    ):
        clock.update(due_on=due)
        now = offered()
        assert (now["三个工作日内届满"], now["已逾期"], now["窗口代录"]) == (soon, late, 1), due
    page = officer.get(reverse(LIST), {"turn": "county"})
    assert [one.label for one in page.context["saved"]["all"] if one.active] == ["等我办理"]
    assert not page.context["saved"]["can_keep"]
    keep(officer, "turn=county", "我的")
    saved = officer.get(reverse(LIST)).context["saved"]
    assert "等我办理" not in {one.label for one in saved["offered"]}
    assert [(one.label, one.count) for one in saved["kept"]] == [("我的", 1)]


def test_what_is_offered_is_counted_among_those_that_lapse_first(world, officer, monkeypatch):
    submitted(world)
    submitted(world, who="rival admin")
    for within, said in ((1, (1, "+")), (2, (2, ""))):
        monkeypatch.setattr(presets, "WITHIN", within)
        (mine, *_) = officer.get(reverse(LIST)).context["saved"]["offered"]
        assert (mine.count, mine.more) == said
