"""Announcements in letters: each to each subscriber once, whatever refuses; nothing withdrawn; one letter a day."""

import datetime

import time_machine

from core.clock.clock import now
from core.publications import register
from registry.subscriptions import letters, mailing
from registry.subscriptions.models import Item, Letter, Told
from tests.mailing import mail_server
from tests.registry.subscriptions.conftest import at
from tests.world import DAY

NEXT = DAY + datetime.timedelta(days=1)


def test_each_announcement_at_once_to_those_who_want_its_kind(
    today, application, publish_agency, subscribe, mail, mailoutbox
):
    mail()  # what is published already is told to nobody
    subscribe("all@example.org")
    subscribe("filings@example.org", kinds=("filing",))
    subscribe("quota@example.org", kinds=("quota",))
    assert mail() == {}
    row = publish_agency(100, "汤阴县\u202e丙\n学校")
    assert mail() == {"announced": 1, "sent": 2}
    assert sorted(one.to[0] for one in mailoutbox) == ["all@example.org", "filings@example.org"]
    letter = mailoutbox[0]
    assert letter.subject == "关于汤阴县丙 学校备案的公示"
    assert f"http://127.0.0.1:8000/announcements/{row.pk}/" in letter.body
    assert "备案编码S000041000100" in letter.body
    assert mail() == {}
    ahead = publish_agency(101, "汤阴县丁学校", NEXT)
    subscribe("later@example.org")
    assert mail() == {}
    today(NEXT)
    assert mail() == {"announced": 1, "sent": 3}, "published ahead of its day, before the third had subscribed"
    assert Told.objects.filter(publication=ahead).exists()


def test_a_day_in_one_letter_on_the_morning_after_without_what_was_withdrawn(
    application, publish_agency, subscribe, mail, mailoutbox
):
    with time_machine.travel(at(NEXT, 7), tick=False):
        mail()
        subscribe(often="daily")
    with time_machine.travel(at(NEXT, 9), tick=False):
        kept, gone = (publish_agency(100 + n, f"汤阴县{n}校", NEXT) for n in (1, 2))
        assert mail() == {"announced": 2}
    later = NEXT + datetime.timedelta(days=1)
    with time_machine.travel(at(NEXT, 22), tick=False):
        more = publish_agency(103, "汤阴县3校", NEXT)
        assert mail() == {"announced": 1}
        register.withdraw(gone.key, on=NEXT, reason="更正")
    with time_machine.travel(at(later, 7), tick=False):
        assert mail() == {}
    with time_machine.travel(at(later, 8), tick=False):
        assert mail() == {"sent": 1}
        assert mail() == {}
    (letter,) = mailoutbox
    assert letter.subject == "2026年9月19日的公告（2条）"
    assert [name in letter.body for name in ("汤阴县1校", "汤阴县2校", "汤阴县3校")] == [True, False, True]
    assert Item.objects.filter(publication__in=[kept, gone, more]).count() == 3
    with time_machine.travel(at(later + mailing.REACH, 9), tick=False):
        mail()
        assert Letter.objects.count() == 0


def test_what_is_withdrawn_before_it_goes_out_is_not_sent(
    today, application, publish_agency, subscribe, mailoutbox, mail
):
    mail()
    subscribe()
    before, between = (publish_agency(n, f"汤阴县{n}校") for n in (100, 101))
    register.withdraw(before.key, on=DAY, reason="更正")
    assert mailing.announce(DAY, now()) == 1
    register.withdraw(between.key, on=DAY, reason="更正")
    assert letters.run(now()) == {"sent": 0, "postponed": 0, "failed": 0}
    assert mailoutbox == []
    assert not Letter.objects.filter(kind="news").exists()


def test_a_server_that_refuses_loses_nothing_and_learns_nothing_twice(
    today, application, publish_agency, subscribe, mail, settings, caplog
):
    mail()
    subscribe("one@example.org")
    subscribe("two@example.org")
    publish_agency(100, "汤阴县丙学校")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        server.refusing = True
        assert mail() == {"announced": 1, "postponed": 2}
        assert mail() == {}
        rows = list(Letter.objects.filter(kind="news"))
        assert all("451" in row.error and "@" not in row.error for row in rows)
        server.refusing = False
        moment = max(row.next_try_at for row in rows)
        assert letters.run(moment)["sent"] == 2
        assert letters.run(moment + datetime.timedelta(days=1))["sent"] == 0
        assert dict(server.arrived) == {letters.reference(row): 1 for row in rows}
        assert sorted(server.addressed.values()) == ["one@example.org", "two@example.org"]
    said = [record.getMessage() for record in caplog.records if record.name.startswith("core.")]
    assert len(said) == 2
    assert not any("example.org" in line for line in said)
