"""Filters that people keep over a list: counted as the list counts, one's own alone, never more than fit."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from core.clock.clock import SHANGHAI
from core.web import saved_filters
from core.web.models import SavedFilter
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
