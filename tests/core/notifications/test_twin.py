"""Nothing important is only in an e-mail: what leaves by e-mail or SMS stands in the inbox of whoever gets it."""

import ast
import datetime
import itertools
from pathlib import Path

import pytest
from django.conf import settings

from core.accounts.actors import actor_for
from core.accounts.models import Organisation, Position, Role, User
from core.notifications import inbox, outbox
from core.notifications.models import Delivery

DAY = datetime.date(2026, 9, 18)
ROOT = Path(settings.BASE_DIR)
# Who may write an e-mail: the outbox's own deliveries; an invitation, whose link the page shows to whoever invites and
# whose reader has no inbox yet; letters to subscribers, who have no account, of what stands on the public pages. (A
# forgotten password is allauth's: its link is for whoever cannot sign in.)
SENDERS = {"core/notifications/delivery.py", "core/accounts/invitations.py", "registry/subscriptions/letters.py"}


def test_only_who_is_known_writes_e_mails():
    found = set()
    for app in ("core", "filings", "registry", "desks", "anyang_sep", "regulation"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [one.name for one in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
                modules = [getattr(node, "module", None) or "", *names]
                if any(name.startswith("django.core.mail") or name == "smtplib" for name in modules):
                    found.add(path.relative_to(ROOT).as_posix())
    assert found == SENDERS


@pytest.mark.django_db
def test_whoever_gets_an_e_mail_finds_the_same_in_the_inbox(settings):
    settings.SMS_BACKEND = "core.notifications.sms.NoSms"
    county = Organisation.objects.create(kind="county", name="甲县人社局")
    roles = (Role.HANDLER, Role.CHIEF)
    held = []
    for number, role in enumerate((*roles, Role.HANDLER)):
        user = User.objects.create_user(f"p{number}", email=f"p{number}@example.org", phone="13800000000")
        held.append(Position.objects.create(user=user, organisation=county, role=role, since=DAY))
    both = Position.objects.create(user=held[0].user, organisation=county, role=Role.CHIEF, since=DAY)
    audiences = [
        (named, alone) for n in (0, 1, 2) for named in itertools.combinations(roles, n) for alone in (None, *held)
    ]
    for number, (named, alone) in enumerate(audiences):
        outbox.send(
            f"{number}", "any", organisation=county, title="事项", body="内容", on=DAY, roles=named, position=alone
        )
    positions = [*held, both]
    reads = {
        (message.pk, position.user_id) for position in positions for message in inbox.inbox(actor_for(position, DAY))
    }
    sent = set(Delivery.objects.values_list("message_id", "user_id"))
    assert sent
    assert sent <= reads
