"""运行状况: what the administrator sees of messages, papers and the audit chain, and the two things done there."""

import datetime
import smtplib

import pytest
from django.urls import reverse

from core.accounts.models import Position, User
from core.audit.checkpoint import checkpoint
from core.audit.models import Checkpoint, Event, Outcome
from core.clock.clock import now
from core.documents.models import OfficialDocument
from core.notifications import delivery
from core.notifications.models import Delivery, Message
from core.ops import figures
from desks.health.views import VERIFIED
from registry.subscriptions.models import Letter, Subscription
from tests.lifting import lifted
from tests.world import DAY, World, make_world, submitted

ADDRESS = "/admin-desk/health/"


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_world()


@pytest.fixture
def browser(world):
    return world.browser("operator administrator")


def seen(browser, part: str) -> str:
    response = browser.get(ADDRESS, {"part": part})
    assert response.status_code == 200
    return response.content.decode()


def given_up(world: World, **fields) -> Delivery:
    submitted(world)
    Delivery.objects.all().delete()
    User.objects.filter(pk=world.people["agency admin"].user_id).update(email="somebody@example.test")
    message = Message.objects.filter(organisation=world.organisation("agency admin")).first()
    return Delivery.objects.create(
        message=message, user=world.people["agency admin"].user, channel="email",
        **{"state": "failed", "attempts": 10, "error": "SMTPRecipientsRefused: {'x'}", **fields},
    )  # fmt: skip


@pytest.mark.parametrize("part", ["jobs", "messages", "letters", "papers", "checkpoints"])
def test_each_part_says_what_would_fill_it_and_what_its_words_mean(browser, part):
    text = seen(browser, part)
    assert f'href="?part={part}" aria-current="page"' in text


def test_what_no_part_is_called_shows_the_jobs(browser):
    assert "期限处理和提醒" in seen(browser, "nothing")


@pytest.mark.parametrize("who", ["bureau chief", "centre chief", "agency admin", "county handler"])
def test_it_is_the_administrators_alone(world, who):
    browser = world.browser(who)
    assert browser.get(ADDRESS).status_code == 403
    assert browser.post(reverse("desks:verify-checkpoint", args=[1])).status_code == 403
    assert browser.post(reverse("desks:send-again", args=[1])).status_code == 403
    assert browser.post(reverse("desks:send-all-again", args=["letters"])).status_code == 403


def test_a_delivery_given_up_is_explained_and_sent_again(world, browser, mailoutbox):
    row = given_up(world)
    text = seen(browser, "messages")
    assert "对方邮箱不存在或拒收" in text
    assert "已停发" in text
    browser.post(reverse("desks:send-again", args=[row.pk]))
    assert "都送出去了" in seen(browser, "messages")
    assert delivery.run(now())["sent"] == 1
    assert len(mailoutbox) == 1
    assert Event.objects.get(verb="delivery.again").actor_user_id == world.people["operator administrator"].user_id


def test_what_goes_out_by_itself_is_not_queued_again(world, browser):
    row = given_up(world, state="pending", attempts=2, next_try_at=now() + datetime.timedelta(minutes=4))
    text = seen(browser, "messages")
    assert "自动再试" in text
    assert "重新发送</button>" not in text
    browser.post(reverse("desks:send-again", args=[row.pk]))
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("pending", 2)
    assert Event.objects.get(verb="delivery.again").outcome == Outcome.REFUSED


@pytest.mark.parametrize(("state", "word"), [("failed", "已停发"), ("pending", "自动再试")])
def test_a_letter_to_a_subscriber_that_was_not_sent_is_explained_without_the_address(browser, state, word):
    letter = to_a_reader()
    refused = {"13812345678@example.test": (550, b"5.1.1 <13812345678>: mailbox of 13812345678@example.test unknown")}

    def refuse(_: Letter) -> None:
        raise smtplib.SMTPRecipientsRefused(refused)

    Letter.objects.update(attempts=9 if state == "failed" else 2)
    delivery.send_due(Letter.objects.all(), refuse, now())
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (state, "SMTPRecipientsRefused: 550 5.1.1")
    text = seen(browser, "letters")
    assert "对方邮箱不存在或拒收" in text
    assert word in text
    assert "13812345678" not in text
    assert "example.test" not in text
    Letter.objects.update(state="sent")
    assert "都寄出去了" in seen(browser, "letters")


def to_a_reader(kind: str = "news", **fields) -> Letter:
    reader, _ = Subscription.objects.get_or_create(
        address_hash="0" * 64, defaults={"address": "13812345678@example.test", "kinds": [], "often": "each"}
    )
    return Letter.objects.create(subscription=reader, kind=kind, **fields)


OUTAGE = {"state": "failed", "attempts": 10, "error": "ConnectionRefusedError: [Errno 111]"}


def all_again(browser, part: str, said: str) -> None:
    assert said in browser.post(f"{ADDRESS}{part}/again/", follow=True).content.decode()


def test_letters_that_an_outage_stopped_are_sent_again_at_once(browser):
    news, waits = to_a_reader(**OUTAGE), to_a_reader(attempts=2, next_try_at=now())
    stay = [
        to_a_reader("confirmation", **OUTAGE),
        to_a_reader(**OUTAGE | {"error": "SMTPRecipientsRefused: 550 5.1.1"}),
    ]
    assert "全部重新发送（1 封）" in seen(browser, "letters")
    all_again(browser, "letters", "1 封已重新排队")
    all_again(browser, "letters", "没有可以重新发送的了")
    assert "全部重新发送" not in seen(browser, "letters")
    assert Event.objects.get(verb="letters.again").payload == {"count": 1}
    expected = [(news, "pending", 0), (waits, "pending", 2), *((one, "failed", 10) for one in stay)]
    for row, state, attempts in expected:
        row.refresh_from_db()
        assert (row.state, row.attempts) == (state, attempts)


def test_messages_that_an_outage_stopped_are_sent_again_at_once(world, browser):
    row = given_up(world, **OUTAGE)
    assert "全部重新发送（1 条）" in seen(browser, "messages")
    all_again(browser, "messages", "1 条已重新排队")
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("pending", 0)
    event = Event.objects.get(verb="messages.again")
    assert (event.payload, event.actor_user_id) == ({"count": 1}, world.people["operator administrator"].user_id)


def an_old_one(row: Delivery) -> None:
    Message.objects.filter(pk=row.message_id).update(at=now() - datetime.timedelta(days=8))


def to_nobody(row: Delivery) -> None:
    User.objects.filter(pk=row.user_id).update(is_active=False)


def to_one_who_has_left(row: Delivery) -> None:
    Position.objects.filter(user=row.user).update(until=DAY - datetime.timedelta(days=1))


def to_no_address(row: Delivery) -> None:
    Delivery.objects.filter(pk=row.pk).update(error="SMTPRecipientsRefused: 550 5.1.1")


@pytest.mark.parametrize("change", [an_old_one, to_nobody, to_one_who_has_left, to_no_address])
def test_what_would_reach_nobody_it_concerns_is_not_sent_again_with_all(world, browser, change):
    row = given_up(world, **OUTAGE)
    with lifted():
        change(row)
    assert "全部重新发送" not in seen(browser, "messages")
    all_again(browser, "messages", "没有可以重新发送的了")
    row.refresh_from_db()
    assert row.state == "failed"


def test_what_no_outage_stops_has_no_such_button(browser):
    assert browser.post(f"{ADDRESS}papers/again/").status_code == 404


def test_a_paper_that_could_not_be_made_is_explained(world, browser):
    submitted(world)
    paper = OfficialDocument.objects.get()
    assert paper.number not in seen(browser, "papers")
    paper.error, paper.attempts = "SigningError: no key", 1
    paper.save(update_fields=["error", "attempts"])
    text = seen(browser, "papers")
    assert paper.number in text
    assert "签章没有成功" in text


def test_an_unknown_error_still_says_what_to_do(world, browser):
    given_up(world, error="Strange: thing")
    assert "把技术信息交给运维人员。" in seen(browser, "messages")


def test_a_checkpoint_is_verified_and_the_outcome_stays(world, browser):
    submitted(world)
    row = checkpoint(now())
    assert "还没有核对" in seen(browser, "checkpoints")
    browser.post(reverse("desks:verify-checkpoint", args=[row.pk]))
    assert "无误" in seen(browser, "checkpoints")
    with lifted():
        Event.objects.filter(pk=Event.objects.order_by("id").values("pk")[:1]).update(actor_label="别人")
    browser.post(reverse("desks:verify-checkpoint", args=[row.pk]))
    text = seen(browser, "checkpoints")
    assert "1 号事件" in text
    assert "被改动" in text
    assert [event.payload["ok"] for event in Event.objects.filter(verb=VERIFIED).order_by("id")] == [True, False]


def test_the_chain_is_saved_with_its_whole_heads(world, browser):
    submitted(world)
    row = checkpoint(now())
    saved = browser.get(ADDRESS, {"part": "checkpoints", "export": "csv"})
    lines = b"".join(saved.streaming_content).decode().splitlines()
    assert len(lines) == 1 + Checkpoint.objects.count()
    assert lines[1].endswith(f",{row.count},{row.head}")


def test_the_jobs_say_who_answers_and_what_waits_where_the_queue_can_be_asked(browser, monkeypatch):
    assert "作业进程" not in seen(browser, "jobs")
    monkeypatch.setattr(figures, "queue_length", lambda: 3)
    monkeypatch.setattr(figures, "workers", lambda: 2)
    assert "2 个作业进程在应答，3 个作业在等" in seen(browser, "jobs")
    monkeypatch.setattr(figures, "workers", lambda: 0)
    assert "没有作业进程应答" in seen(browser, "jobs")


@pytest.mark.jobs
def test_the_queue_and_the_workers_are_asked_on_redis(broker, celery_worker_process, settings):
    settings.CELERY_BROKER_URL = broker
    assert figures.workers() == 1
    assert figures.queue_length() == 0
