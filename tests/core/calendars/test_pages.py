"""The administrator's pages: preview first, then the edit, for nobody else."""

import datetime
import re

import pytest
import time_machine

from core.calendars import effects
from core.calendars.effects import Move
from core.calendars.models import CalendarDay, CalendarYear
from core.calendars.views import MOST_MOVES
from core.refusals import Reason

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel("2026-11-20T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def admin(client, seeded, administrator):
    client.force_login(administrator.user)
    return client


@pytest.mark.parametrize("address", ["", "2026/", "2027/load/", "2027/confirm/", "2026/day/"])
def test_only_the_administrator_gets_in(client, seeded, handler, address):
    assert client.get(f"/desk/calendar/{address}").status_code == 302
    client.force_login(handler.user)
    assert client.get(f"/desk/calendar/{address}").status_code == 403


def test_a_year_is_drawn_in_twelve_months(admin):
    page = admin.get("/desk/calendar/2026/").content.decode()
    assert page.count('<table class="month">') == 12
    assert "10月1日 国庆节" in page
    assert "10月10日 国庆节调休补班" in page
    assert "尚未载入" in admin.get("/desk/calendar/2027/").content.decode()
    assert admin.get("/desk/calendar/2003/").status_code == 404


def seen_in(page: str) -> str:
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def test_a_load_is_previewed_then_done(admin, year_2027):
    filled = {"source": "国办发明电", "text": year_2027}
    preview = admin.post("/desk/calendar/2027/load/", filled)
    assert preview.status_code == 200
    assert "元旦(未公布" in preview.content.decode().replace("（", "(")  # what 1 January is taken for now
    assert not CalendarYear.objects.filter(pk=2027).exists()
    done = admin.post("/desk/calendar/2027/load/", filled | {"seen": seen_in(preview.content.decode())})
    assert (done.status_code, done.url) == (302, "/desk/calendar/2027/")
    assert CalendarDay.objects.filter(date__year=2027).count() == 31
    assert "修改记录" in admin.get(done.url).content.decode()


def test_the_kept_fields_of_the_preview_load_the_same_rows(admin, year_2027):
    page = admin.post("/desk/calendar/2027/load/", {"source": "国办发明电", "text": year_2027}).content.decode()
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    kept.pop("csrfmiddlewaretoken", None)
    assert admin.post("/desk/calendar/2027/load/", kept).status_code == 302
    assert CalendarDay.objects.filter(date__year=2027).count() == 31


def test_a_picture_that_has_changed_is_shown_again_first(admin, year_2027):
    filled = {"source": "国办发明电", "text": year_2027, "seen": "another"}
    answer = admin.post("/desk/calendar/2027/load/", filled)
    assert "情况有变" in answer.content.decode()
    assert not CalendarYear.objects.filter(pk=2027).exists()


def test_a_bad_table_is_refused_with_its_lines(admin):
    answer = admin.post("/desk/calendar/2027/load/", {"source": "国办发明电", "text": "2027-02-30,放假,春节"})
    assert answer.status_code == 422
    assert "第 1 行" in answer.content.decode()


def test_a_file_may_be_uploaded(admin, year_2027):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("2027.csv", year_2027.encode("gb18030"))
    answer = admin.post("/desk/calendar/2027/load/", {"source": "国办发明电", "file": file})
    assert "2027年10月1日" in answer.content.decode()


def test_what_is_wrong_with_a_file_stands_at_the_file(admin, year_2027):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("2027.csv", year_2027.replace("2027-02-09,放假,春节\n", "").encode())
    answer = admin.post("/desk/calendar/2027/load/", {"source": "国办发明电", "file": file})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"file": ["第 8 行之后：2027-02-09 夹在假期中间却没有列出，请补上这一行。"]}


def test_a_year_is_confirmed(admin):
    filled = {"reason": "国务院办公厅未公布"}
    preview = admin.post("/desk/calendar/2027/confirm/", filled).content.decode()
    assert admin.post("/desk/calendar/2027/confirm/", filled | {"seen": seen_in(preview)}).status_code == 302
    assert CalendarYear.objects.get(pk=2027).status == "confirmed"
    again = admin.post("/desk/calendar/2027/confirm/", filled)
    assert again.status_code == 422
    assert "已经载入" in again.content.decode()


def test_a_day_is_overridden(admin):
    filled = {"date": "2026-12-31", "kind": "holiday", "name": "临时放假", "note": "市政府通知"}
    preview = admin.post("/desk/calendar/2026/day/", filled).content.decode()
    assert "放假 · 临时放假" in preview
    assert admin.post("/desk/calendar/2026/day/", filled | {"seen": seen_in(preview)}).status_code == 302
    assert CalendarDay.objects.get(date=D(2026, 12, 31)).name == "临时放假"
    assert "市政府通知" in admin.get("/desk/calendar/2026/").content.decode()


def move(number: int, **changed) -> Move:
    day = datetime.date(2026, 12, 1)
    said = {
        "matter_type": "test", "matter_id": str(number), "matter": f"第{number}件", "label": "受理审核",
        "starts_on": day, "old_end": day, "new_end": day, "was_provisional": False, "provisional": False,
    }  # fmt: skip
    return Move(**(said | changed))


def test_what_moves_is_said_before_it_is_done(admin, monkeypatch):
    later, earlier = datetime.date(2026, 12, 8), datetime.date(2026, 11, 27)
    moves = [
        move(1, new_end=later, told=("市中心", "机构甲")),
        move(2, kept=True),
        move(3, new_end=earlier, was_provisional=True),
        move(4, old_end=later, new_end=datetime.date(2026, 11, 2)),
    ]
    monkeypatch.setattr(effects, "_effects", [(lambda *_, **__: moves, lambda *_: moves)])
    filled = {"date": "2026-12-03", "kind": "holiday", "name": "临时放假", "note": "x"}
    text = admin.post("/desk/calendar/2026/day/", filled).content.decode()
    lines = re.findall(r"<tr><th scope=\"row\" data-label=\"事项和期限\">.*?</tr>", text)
    assert len(lines) == 4
    for line, words in zip(
        lines,
        (
            ("第1件", "2026年12月1日</span>", "2026年12月8日</b>", "延后", "市中心、机构甲"),
            ("第2件", "不变", "机构的期限不缩短", "不需要"),
            ("第3件", "提前", "不再是暂定"),
            ("第4件", "移到已经过去的一天"),
        ),
        strict=True,
    ):
        assert all(word in line for word in words), line
    assert "3 项正在计时的期限移动最后一日" in text


def test_of_very_many_moves_the_first_are_listed_and_all_counted(admin, monkeypatch):
    moves = [move(number, new_end=datetime.date(2026, 12, 8)) for number in range(MOST_MOVES + 5)]
    monkeypatch.setattr(effects, "_effects", [(lambda *_, **__: moves, lambda *_: moves)])
    filled = {"date": "2026-12-03", "kind": "holiday", "name": "临时放假", "note": "x"}
    text = admin.post("/desk/calendar/2026/day/", filled).content.decode()
    assert text.count('data-label="事项和期限"') == MOST_MOVES
    assert f"共 {MOST_MOVES + 5} 项，列出前 {MOST_MOVES} 项" in text


def test_a_refusal_without_a_field_stands_over_the_form():
    from core.calendars.forms import ConfirmForm

    form = ConfirmForm({"reason": "x"})
    form.refuse([Reason("loaded", "已经载入", "year")])
    assert form.non_field_errors() == ["已经载入"]
