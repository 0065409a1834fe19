"""One address for everybody's home: the page and the menu of the position acted in."""

import datetime

import pytest
from django.urls import reverse

from core.accounts.models import OrganisationKind
from core.audit import trail
from core.audit.checkpoint import checkpoint
from core.calendars.models import CalendarYear
from core.clock.clock import now
from core.documents.models import OfficialDocument
from core.notifications.models import Delivery, Message
from core.ops import figures
from core.ops.figures import BACKED_UP
from desks import administrator
from desks.navigation import MENUS
from desks.views import HOMES
from filings.models import SerialBlock
from registry.subscriptions.models import Letter, Subscription
from scripts.servers import free_port
from tests.world import DAY, World, accepted, make_world, submitted

EVERYBODY = (
    "agency admin",
    "agency staff",
    "county handler",
    "county chief",
    "centre handler",
    "centre chief",
    "centre inspector",
    "bureau handler",
    "bureau chief",
    "experts expert",
    "operator administrator",
)


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_world()


def test_every_kind_has_a_home_and_a_menu():
    assert set(HOMES) == set(MENUS) == set(OrganisationKind.values)


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_position_has_its_home_with_a_working_menu(world, client, who):
    client.force_login(world.people[who].user)
    response = client.get(reverse("desks:home"))
    assert response.status_code == 200
    links = response.context["desk_nav"]()
    assert [link["label"] for link in links if link["active"]] == ["工作台"]
    for link in links:
        assert client.get(link["url"]).status_code == 200, link


def test_a_link_is_shown_to_its_roles_alone(world, client):
    def labels(who: str) -> set[str]:
        client.force_login(world.people[who].user)
        return {link["label"] for link in client.get("/desk/").context["desk_nav"]()}

    assert "人员" in labels("agency admin")
    assert "人员" not in labels("agency staff")
    assert "代行" in labels("county chief")
    assert "代行" not in labels("county handler")
    assert "期限和参数" in labels("operator administrator")
    assert "期限和参数" not in labels("bureau chief")


@pytest.mark.parametrize(
    ("who", "address", "marked"),
    [
        ("agency admin", "/inbox/", "通知"),
        ("agency admin", "/applications/{application}/", "备案申请"),
        ("county handler", "/applications/{application}/", "备案申请"),
        ("county handler", "/accounts/password/change/", "我的账号"),
        ("county handler", "/accounts/2fa/", "我的账号"),
        ("county handler", "/desk/account/tokens/", "我的账号"),
        ("operator administrator", "/desk/calendar/2025/", "工作日历"),
        ("bureau chief", "/deregistrations/", "备案机构"),
    ],
)
def test_the_menu_marks_where_one_is(world, client, who, address, marked):
    address = address.format(application=submitted(world).pk)
    client.force_login(world.people[who].user)
    response = client.get(address)
    assert response.status_code == 200
    assert [link["label"] for link in response.context["desk_nav"]() if link["active"]] == [marked]


def test_public_pages_reckon_no_menu(world, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        client.get("/verify/")


# -- the administrator's checks ---------------------------------------------------------------------------------


def checks(on: datetime.date = DAY) -> dict[str, administrator.Check]:
    context = administrator.home_context(None, on)  # type: ignore[arg-type]
    return {check.label: check for _, group in context["groups"] for check in group}


def test_a_quiet_portal_needs_nothing(world, settings, request):
    settings.BACKUP_KEY = "some"
    request.getfixturevalue("virus_scanner")
    trail.record(BACKED_UP, actor=None, on=DAY, label="备份")
    checkpoint(now())
    assert {label: check.tone for label, check in checks().items() if check.tone != "good"} == {}


def test_a_backup_that_is_missing_or_old_is_seen(world, settings):
    assert checks()["备份"].tone == "bad"
    settings.BACKUP_KEY = "some"
    assert checks()["备份"].tone == "warn"
    trail.record(BACKED_UP, actor=None, on=DAY, label="备份")
    assert checks()["备份"].tone == "good"
    assert administrator._backup(now() + datetime.timedelta(hours=27)).tone == "bad"


def test_uploads_that_are_not_scanned_are_seen(world, settings, request, monkeypatch):
    assert checks()["病毒检查"].tone == "warn"
    settings.VIRUS_SCANNER = ("127.0.0.1", free_port())
    assert checks()["病毒检查"].tone == "bad"
    request.getfixturevalue("virus_scanner")
    assert checks()["病毒检查"].tone == "good"
    assert "ClamAV" in checks()["病毒检查"].said
    monkeypatch.setattr(figures, "scanner", lambda: "ClamAV 1.4.6/27345/Sat Nov 15 08:31:02 2025")
    assert checks()["病毒检查"].tone == "warn"
    assert "2025年11月15日" in checks()["病毒检查"].said
    monkeypatch.undo()
    settings.VIRUS_SCANNER, settings.DEMO_MODE = None, True
    assert checks()["病毒检查"].tone == "good"


def test_a_paper_that_waits_too_long_or_failed_is_seen(world):
    submitted(world)
    assert checks()["文书签发"].tone == "good"
    # Seen from an hour later: a paper itself can never be changed.
    later = now() + datetime.timedelta(hours=1)
    assert administrator._papers(later).tone == "warn"
    paper = OfficialDocument.objects.get()
    paper.error = "no key"
    paper.save(update_fields=["error"])
    assert checks()["文书签发"].tone == "bad"


def test_deliveries_that_stay_or_failed_are_seen(world):
    submitted(world)
    message = Message.objects.first()
    assert message is not None
    Delivery.objects.all().delete()
    delivery = Delivery.objects.create(
        message=message, user=world.people["agency admin"].user, channel="email", state="failed"
    )
    assert checks()["邮件和短信"].tone == "warn"
    delivery.state, delivery.next_try_at = "pending", now() - datetime.timedelta(hours=1)
    delivery.save()
    assert checks()["邮件和短信"].tone == "bad"


def test_letters_that_were_given_up_are_seen_and_lead_to_their_part(world):
    assert checks()["公告邮件"].tone == "good"
    reader = Subscription.objects.create(address="reader@example.test", address_hash="0" * 64, kinds=[], often="each")
    refused = Letter.objects.create(
        subscription=reader, kind="news", state="failed", attempts=10, error="SMTPRecipientsRefused: 550 5.1.1"
    )
    assert checks()["公告邮件"].tone == "good", "anybody may subscribe an address that there is not"
    Letter.objects.filter(pk=refused.pk).update(error="ConnectionRefusedError: [Errno 111]")
    assert checks()["公告邮件"].tone == "warn"
    assert checks()["公告邮件"].url.endswith("?part=letters")


def test_a_lapse_that_nobody_swept_is_worse_than_an_overdue_office(world):
    accepted(world)
    assert checks(DAY)["法定期限"].tone == "good"
    late = checks(datetime.date(2026, 12, 1))["法定期限"]
    assert late.tone == "bad"


def test_events_not_covered_for_hours_are_seen(world):
    submitted(world)
    assert checks()["审计链"].tone == "good"
    later = now() + datetime.timedelta(hours=3)
    assert administrator._audit(later).tone == "warn"


def test_calendar_and_serials_that_run_out_are_seen(world):
    assert checks(datetime.date(2026, 11, 2))["工作日历"].tone == "warn"
    CalendarYear.objects.all().delete()
    assert checks()["工作日历"].tone == "bad"
    block = SerialBlock.objects.get()
    block.next = block.last - 1
    block.save()
    assert checks()["编码号段"].tone == "warn"
    block.next = block.last + 1
    block.save()
    assert checks()["编码号段"].tone == "bad"
