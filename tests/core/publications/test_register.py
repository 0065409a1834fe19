import datetime

import pytest
from django.db import IntegrityError, transaction

from core.publications import register
from core.publications.models import Publication

DAY = datetime.date(2026, 10, 19)
MATTER = ("filings.filing", "7")


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(register, "_kinds", {})
    monkeypatch.setattr(register, "_keepers", {})
    register.declare("filing", "备案公示", ("agency", "code", "valid_until"))
    register.declare("notice", "通知公告", ("text",))


def publish(key="k", kind="filing", content=None, on=DAY, **more):
    return register.publish(
        kind, key=key, title="备案公示", content=content or {"agency": "甲校"}, matter=MATTER, on=on, **more
    )


def keys(*args, **kwargs):
    return [row.key for row in register.published(*args, **kwargs)]


@pytest.mark.django_db
def test_only_listed_fields_leave():
    assert publish(content={"agency": "甲校", "valid_until": DAY}).content["valid_until"] == "2026-10-19"
    with pytest.raises(ValueError, match="allow-list"):
        publish("other", content={"agency": "甲校", "phone": "13000000000"})
    with pytest.raises(ValueError, match="not declared"):
        publish("other", kind="unheard")
    assert keys(on=DAY) == ["k"]


@pytest.mark.django_db
def test_a_key_is_published_once():
    assert publish() == publish()
    with pytest.raises(ValueError, match="another record"):
        publish(content={"agency": "乙校"})


@pytest.mark.django_db
def test_what_shows_on_a_day_newest_first():
    publish("old", on=DAY)
    publish("short", on=DAY, until=DAY + datetime.timedelta(days=1))
    publish("later", on=DAY + datetime.timedelta(days=2))
    publish("note", kind="notice", content={"text": "通知"})
    assert keys(on=DAY - datetime.timedelta(days=1)) == []
    assert keys("filing", on=DAY + datetime.timedelta(days=1)) == ["short", "old"]
    assert keys("filing", on=DAY + datetime.timedelta(days=2)) == ["later", "old"]
    assert keys("notice", on=DAY) == ["note"]


@pytest.mark.django_db
def test_withdrawal_is_at_once_keeps_the_row_and_its_reason():
    publish()
    row = register.withdraw("k", on=DAY, reason="信息有误")
    assert keys(on=DAY) == []
    assert (row.withdrawn_on, row.withdrawn_reason) == (DAY, "信息有误")
    later = register.withdraw("k", on=DAY + datetime.timedelta(days=3), reason="再次")
    assert later.withdrawn_on == DAY
    with pytest.raises(ValueError, match="reason"):
        register.withdraw("k", on=DAY, reason=" ")
    with pytest.raises(Publication.DoesNotExist):
        register.withdraw("none", on=DAY, reason="无")


@pytest.mark.django_db
def test_the_database_wants_a_reason_too():
    publish()
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.update(withdrawn_on=DAY)


def test_kinds_are_declared_once():
    register.declare("notice", "通知公告", ("text",))
    with pytest.raises(ValueError, match="declared twice"):
        register.declare("notice", "通知公告", ("text", "phone"))


@pytest.mark.django_db
def test_a_keeper_is_told_of_each_change_of_its_kind_once():
    told: list[list[str]] = []
    heard: list[str] = []
    register.on_change("filing", lambda rows: told.append([row.key for row in rows]))
    register.on_change("filing", lambda rows: heard.append("filing"))
    register.on_change(register.EVERY, lambda rows: heard.extend(row.key for row in rows))
    publish("a")
    publish("a")
    publish("note", kind="notice", content={"text": "通知"})
    new = [register.New(key, "备案公示", {"agency": "甲校"}, MATTER) for key in ("b", "c")]
    register.publish_all("filing", new, on=DAY)
    register.withdraw("b", on=DAY, reason="信息有误")
    register.withdraw("b", on=DAY, reason="再次")
    assert told == [["a"], ["b", "c"], ["b"]]
    # Several may listen, and one to records of whatever kind.
    assert heard == ["filing", "a", "note", "filing", "b", "c", "filing", "b"]


@pytest.mark.django_db
def test_what_cannot_be_kept_is_not_published():
    def keep(rows):
        raise ValueError("no room")

    register.on_change("filing", keep)
    with pytest.raises(ValueError, match="no room"):
        publish("a")
    assert keys(on=DAY) == []
