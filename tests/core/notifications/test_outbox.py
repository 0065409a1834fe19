import datetime

import pytest
from django.core import mail
from django.urls import reverse

from core.accounts.actors import actor_for
from core.accounts.models import Organisation, Position, Role, User
from core.clock.clock import now
from core.notifications import delivery, inbox, outbox, tasks
from core.notifications.models import Delivery, Message, Reading

DAY = datetime.date(2026, 9, 18)


@pytest.fixture
def county(db) -> Organisation:
    return Organisation.objects.create(kind="county", name="甲县人社局")


@pytest.fixture
def join(county):
    def add(name: str, role: str, organisation: Organisation = county, email: str | None = None, until=None):
        user = User.objects.create_user(username=name, email=f"{name}@example.org" if email is None else email)
        position = Position.objects.create(
            user=user, organisation=organisation, role=role, since=datetime.date(2026, 1, 1), until=until
        )
        return actor_for(position, until or DAY)

    return add


def send(county, key="k", **more):
    return outbox.send(
        key, "notice", organisation=county, title="待审核", body="有一件新申请。", on=DAY, link="/desk/1/", **more
    )


def test_a_message_is_once_by_its_key(county, join):
    join("handler", Role.HANDLER)
    assert send(county) == send(county)
    assert Message.objects.count() == Delivery.objects.count() == 1


def test_it_goes_to_the_roles_named_in_positions_that_hold_with_an_address(county, join):
    join("handler", Role.HANDLER)
    join("chief", Role.CHIEF)
    join("gone", Role.HANDLER, until=datetime.date(2026, 9, 17))
    join("silent", Role.HANDLER, email="")
    join("elsewhere", Role.HANDLER, organisation=Organisation.objects.create(kind="county", name="乙县人社局"))
    inactive = join("inactive", Role.HANDLER).user
    inactive.is_active = False
    inactive.save()
    to = lambda message: sorted(message.deliveries.values_list("user__username", flat=True))  # noqa: E731
    assert to(send(county, "one", roles=[Role.HANDLER])) == ["handler"]
    assert to(send(county, "all")) == ["chief", "handler"]


def test_one_person_in_two_positions_gets_one_mail(county, join):
    both = join("both", Role.HANDLER)
    Position.objects.create(user=both.user, organisation=county, role=Role.CHIEF, since=DAY)
    assert send(county).deliveries.count() == 1


def test_several_go_out_in_the_same_few_queries_each_to_its_own_people(
    county, join, settings, django_capture_on_commit_callbacks, django_assert_num_queries
):
    settings.CLOCK_MOVABLE = False  # or every moment asks how far the demo's clock is moved
    other = Organisation.objects.create(kind="county", name="乙县人社局")
    for name, role, organisation in (
        ("handler", Role.HANDLER, county),
        ("chief", Role.CHIEF, county),
        ("other", Role.CHIEF, other),
    ):
        join(name, role, organisation)
    silent = join("silent", Role.EXPERT, email="").position
    messages = [
        outbox.New("to chief", "notice", county, "一", "一", (Role.CHIEF,)),
        outbox.New("to other", "notice", other, "二", "二"),
        outbox.New("to other", "notice", other, "三", "三"),
        outbox.New("to one", "notice", county, "四", "四", position=silent),
    ]
    with django_capture_on_commit_callbacks() as callbacks, django_assert_num_queries(3):
        outbox.send_all(messages, on=DAY)
    assert [(one.key, one.title) for one in Message.objects.order_by("id")] == [
        ("to chief", "一"),
        ("to other", "二"),
        ("to one", "四"),
    ]
    assert sorted(Delivery.objects.values_list("message__key", "user__username")) == [
        ("to chief", "chief"),
        ("to other", "other"),
    ]
    assert len(callbacks) == 2  # nobody to be reached: nothing to be told to the worker
    with django_assert_num_queries(0):
        outbox.send_all([], on=DAY)


def test_no_mail_before_the_commit_and_a_stable_message_id(county, join, django_capture_on_commit_callbacks):
    join("handler", Role.HANDLER)
    with django_capture_on_commit_callbacks() as callbacks:
        message = send(county)
    assert len(callbacks) == 1
    assert mail.outbox == []
    assert tasks.deliver(message.pk) == {"sent": 1, "postponed": 0, "failed": 0}
    assert tasks.deliver_pending() == {"sent": 0, "postponed": 0, "failed": 0}
    (sent,) = mail.outbox
    row = Delivery.objects.get()
    assert sent.extra_headers["Message-ID"] == delivery.reference(row) == f"<delivery-{row.pk}@127.0.0.1>"
    assert sent.to == ["handler@example.org"]
    assert "http://127.0.0.1:8000/desk/1/" in sent.body


def test_a_failing_server_is_tried_again_ever_later_and_the_failure_named(county, join, settings):
    join("handler", Role.HANDLER)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    send(county)
    moment = now() + datetime.timedelta(seconds=1)
    waits = []
    for _ in range(3):
        assert delivery.run(moment)["postponed"] == 1
        row = Delivery.objects.get()
        waits.append(row.next_try_at - moment)
        assert delivery.run(row.next_try_at - datetime.timedelta(seconds=1))["postponed"] == 0
        moment = row.next_try_at
    assert waits == [datetime.timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    assert "ConnectionRefusedError" in row.error
    Delivery.objects.update(attempts=delivery.MAX_ATTEMPTS - 1)
    assert delivery.run(moment)["failed"] == 1
    assert Delivery.objects.get().state == Delivery.State.FAILED
    assert delivery.run(moment + datetime.timedelta(days=9)) == {"sent": 0, "postponed": 0, "failed": 0}


class Gateway:
    sent: list[tuple[str, str, str]] = []

    def send(self, number: str, text: str, *, reference: str) -> None:
        Gateway.sent.append((number, text, reference))


def test_a_mail_to_an_address_taken_away_was_not_sent_and_goes_out_once_there_is_one(county, join):
    actor = join("handler", Role.HANDLER)
    send(county)
    User.objects.update(email="")
    assert delivery.run(now())["postponed"] == 1
    assert [(one.message.title, one.error) for one in delivery.undelivered()] == [("待审核", "NoAddress")]
    Delivery.objects.update(state="failed")
    User.objects.update(email="new@example.org")
    delivery.send_again(Delivery.objects.get(), actor=actor, on=DAY, now=now())
    assert not delivery.undelivered().exists()
    assert delivery.run(now())["sent"] == 1
    assert mail.outbox[0].to == ["new@example.org"]


def test_text_messages_go_through_the_class_that_the_setting_names(county, join, settings):
    reader = join("handler", Role.HANDLER, email="")
    reader.user.phone = "13000000000"
    reader.user.save()
    assert send(county, "without").deliveries.count() == 0
    settings.SMS_BACKEND = f"{__name__}.Gateway"
    Gateway.sent.clear()
    send(county, "with")
    assert delivery.run(now() + datetime.timedelta(seconds=1))["sent"] == 1
    ((number, text, _),) = Gateway.sent
    assert number == "13000000000"
    assert text.startswith("待审核。")


def test_the_inbox_is_the_organisations_for_the_role_and_unread_is_the_users(county, join):
    handler, chief = join("handler", Role.HANDLER), join("chief", Role.CHIEF)
    stranger = join("stranger", Role.HANDLER, organisation=Organisation.objects.create(kind="county", name="乙县"))
    everyone = send(county, "1")
    for_chief = send(county, "2", roles=[Role.CHIEF])
    assert list(inbox.inbox(handler)) == [everyone]
    assert list(inbox.inbox(chief)) == [for_chief, everyone]
    assert list(inbox.inbox(stranger)) == []
    assert (inbox.unread_count(handler), inbox.unread_count(chief), inbox.unread_count(None)) == (1, 2, 0)
    inbox.open_message(everyone, chief)
    inbox.open_message(everyone, chief)
    assert Reading.objects.count() == 1
    assert (inbox.unread_count(handler), inbox.unread_count(chief)) == (1, 1)
    assert inbox.open_all(chief) == 1
    assert inbox.unread_count(chief) == 0


def test_the_pages(county, join, client):
    handler = join("handler", Role.HANDLER)
    message, hidden = send(county, "1", roles=[Role.HANDLER]), send(county, "2", roles=[Role.CHIEF])
    client.force_login(handler.user)
    page = client.get(reverse("notifications:inbox")).content.decode()
    assert message.title in page
    assert "未读 1" in page
    opened = client.get(reverse("notifications:message", args=[message.pk])).content.decode()
    assert "有一件新申请。" in opened
    assert 'href="/desk/1/"' in opened
    assert inbox.unread_count(handler) == 0
    assert client.get(reverse("notifications:message", args=[hidden.pk])).status_code == 404
    assert "没有未读的通知" in client.get(reverse("notifications:inbox") + "?unread=1").content.decode()
    assert client.get(reverse("notifications:open-all")).status_code == 405
    assert client.post(reverse("notifications:open-all")).status_code == 302


def test_what_is_unread_is_counted_to_ninety_nine_among_the_newest_two_hundred(county, join, client):
    handler = join("handler", Role.HANDLER)
    first = send(county, "0")
    new = [outbox.New(str(n), "filed", county, f"消息{n}", "有一件新申请。") for n in range(1, 200)]
    outbox.send_all(new, on=DAY)
    assert inbox.unread_count(handler) == 100, "more than ninety-nine"
    client.force_login(handler.user)
    assert "未读 99+" in client.get(reverse("notifications:inbox")).content.decode()
    for message in inbox.inbox(handler).exclude(pk=first.pk)[:190]:
        inbox.open_message(message, handler)
    assert inbox.unread_count(handler) == 10
    send(county, "200")
    assert inbox.unread_count(handler) == 10, "the oldest is looked at no longer"
