"""Asking, confirming, ending: nothing without the mailbox's owner, nothing learnt about others, nothing kept."""

import datetime

import time_machine
from django.db import connection
from django.test import Client

from core.reference.models import Setting
from registry.subscriptions.models import Letter, Subscription
from tests.registry.subscriptions.conftest import ADDRESS, PAGE, link
from tests.world import DAY

ASKED = {"address": ADDRESS, "often": "daily", "kinds": ["filing"]}


def said(answer) -> str:
    return answer.content.decode()


def test_only_the_button_behind_the_letters_link_begins_it(world, today, client, mail, mailoutbox):
    assert "请查收邮件" in said(client.post(PAGE, ASKED))
    assert mail() == {"sent": 1}
    (letter,) = mailoutbox
    assert (letter.to, letter.subject) == ([ADDRESS], "请确认订阅通知公告")
    assert "备案公示，每天早上寄一封" in letter.body
    opened = client.get(link(letter))
    assert (opened.status_code, "确认订阅</button>" in said(opened)) == (200, True)
    row = Subscription.objects.get()
    assert row.confirmed_at is None, "a scanner of mail opens links and presses nothing"
    assert "订阅成功" in said(client.post(link(letter)))
    row.refresh_from_db()
    assert (row.kinds, row.often) == (["filing"], "daily")
    began = row.confirmed_at
    client.post(link(letter))
    row.refresh_from_db()
    assert row.confirmed_at == began
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, address_hash FROM subscriptions_subscription")
        assert not any("example" in value.lower() for value in cursor.fetchone())


def test_a_known_address_is_answered_like_any_other_and_changed_by_its_owner_alone(
    subscribe, world, today, client, mail, mailoutbox
):
    row = subscribe()
    other = {**ASKED, "address": ADDRESS.upper()}
    known, unknown = (client.post(PAGE, {**other, **more}) for more in ({}, {"address": "B@example.org"}))
    same = [said(one).replace(to, "·") for one, to in ((known, ADDRESS.upper()), (unknown, "B@example.org"))]
    assert same[0] == same[1]
    assert mail() == {"sent": 1}, "the known one was written to within the hour"
    today_later = datetime.datetime.combine(DAY, datetime.time(6), datetime.UTC)
    with time_machine.travel(today_later, tick=False):
        for often in ("each", "daily"):
            client.post(PAGE, {**other, "often": often})
        assert Letter.objects.filter(state="pending").count() == 1
        mail()
        row.refresh_from_db()
        assert (row.kinds, row.often) == ([], "each")
        assert mailoutbox[-1].to == [ADDRESS]
        client.post(link(mailoutbox[-1]))
    row.refresh_from_db()
    assert (row.kinds, row.often) == (["filing"], "daily")


def test_an_unconfirmed_address_is_deleted_and_its_link_dies_with_it(world, today, client, mail, mailoutbox):
    client.post(PAGE, ASKED)
    mail()
    address = link(mailoutbox[0])
    for broken in (f"{PAGE}x/", address[:-3] + "/", address.replace(PAGE, "/announcements/unsubscribe/")):
        assert client.get(broken).status_code in {404, 410}
    today(DAY + datetime.timedelta(days=4))
    late = client.post(address)
    assert (late.status_code, "3日内有效" in said(late)) == (410, True)
    assert mail() == {"forgotten": 1}
    assert (Subscription.objects.count(), Letter.objects.count()) == (0, 0)


def test_ended_by_the_page_or_by_one_click_without_a_cookie(
    subscribe, world, today, client, mail, mailoutbox, application, publish_agency
):
    subscribe()
    publish_agency(100, "汤阴县丙学校")
    mail()
    letter = mailoutbox[0]
    headers = letter.extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = link(letter)
    assert headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000{path}>"
    assert "退订</button>" in said(client.get(path))
    assert Subscription.objects.count() == 1
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "已退订" in said(answer)) == (200, True)
        assert (Subscription.objects.count(), Letter.objects.count()) == (0, 0)
    assert client.post("/announcements/unsubscribe/x/").status_code == 404


def test_what_is_wrong_is_said_and_floods_are_held_up(world, today, client):
    Setting.objects.create(key="subscribe_per_hour", value=2, effective_from=DAY, note="测试")
    for wrong in (
        {},
        {"address": "无此邮箱", "often": "daily"},
        {**ASKED, "kinds": ["nonsense"]},
        {**ASKED, "often": "x"},
    ):
        assert client.post(PAGE, wrong).status_code == 422
    assert "请查收邮件" in said(client.post(PAGE, {**ASKED, "website": "https://example.org"}))
    assert Subscription.objects.count() == 0, "no person filled that in"
    answers = [client.post(PAGE, {**ASKED, "address": f"{n}@example.org"}, REMOTE_ADDR="192.0.2.7") for n in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0
    assert "每小时至多 2 次" in said(answers[2])
    assert Subscription.objects.count() == 2
