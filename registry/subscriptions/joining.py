"""Asking for a subscription, confirming it, ending it."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from core.clock.clock import now
from core.crypto import keyed_hash
from core.jobs import tell
from core.reference import settings
from core.refusals import NotPossible, Reason
from registry.subscriptions import links
from registry.subscriptions.models import Letter, Subscription

# Nobody's mailbox gets more than one such letter in that time, whoever asks and however often.
BETWEEN = datetime.timedelta(hours=1)


@transaction.atomic
def ask(address: str, kinds: Iterable[str], often: str) -> None:
    """Ask whoever reads a mailbox whether announcements may be sent there; known addresses are asked alike, and nothing
    changes before the answer.

    Effects in order: the address kept, unconfirmed where it is new; a letter, or of one still on its way the wish; the
    worker told after commit.
    """
    moment = now()
    known = Subscription.objects.select_for_update()
    row, _ = known.get_or_create(address_hash=keyed_hash(address), defaults={"address": address, "asked_at": moment})
    row.asked_at = moment
    row.save(update_fields=["asked_at"])
    wish = {"kinds": sorted(kinds), "often": often}
    last = row.letters.filter(kind=Letter.Kind.CONFIRMATION).order_by("-id").first()
    if last is not None and last.state == Letter.State.PENDING:
        last.wish = wish
        last.save(update_fields=["wish"])
    elif last is None or last.made_at <= moment - BETWEEN:
        letter = Letter.objects.create(
            subscription=row, kind=Letter.Kind.CONFIRMATION, wish=wish, made_at=moment, next_try_at=moment
        )
        from registry.subscriptions.tasks import send_letter

        tell(send_letter, letter.pk)


def wished(token: str, on: datetime.date, rows: "QuerySet[Subscription] | None" = None) -> Subscription:
    """Return the subscription that a link is about, with the kinds and the frequency asked for, not yet saved. Raises
    NotPossible for a link that is not ours, too old, or of a subscription that is gone."""
    days = settings.value("subscription_days", on)
    said = links.read(token, links.CONFIRM, days * 24 * 60 * 60)
    rows = Subscription.objects.all() if rows is None else rows
    row = rows.filter(pk=said["subscription"]).first() if said else None
    if row is None:
        text = f"这个链接不对，或者已经失效：确认链接{days}日内有效，退订以后也不能再用。请重新订阅。"
        raise NotPossible(Reason("link_gone", text))
    row.kinds, row.often = said["kinds"], said["often"]
    return row


@transaction.atomic
def confirm(token: str, on: datetime.date) -> Subscription:
    """Begin to send what was asked for, or change what is sent; confirmed twice changes nothing. Raises NotPossible."""
    row = wished(token, on, Subscription.objects.select_for_update())
    row.confirmed_at = row.confirmed_at or now()
    row.save(update_fields=["kinds", "often", "confirmed_at"])
    return row


@transaction.atomic
def cancel(token: str) -> bool:
    """End a subscription: address, wishes and letters on their way are deleted at once. False where the link is not
    ours; ended twice, nothing happens."""
    pk = links.read(token, links.CANCEL)
    # Locked first: letters made meanwhile are there by then, and none can follow.
    for row in Subscription.objects.select_for_update().filter(pk=pk):
        row.delete()
    return pk is not None


@transaction.atomic
def forget_unconfirmed(moment: datetime.datetime, on: datetime.date) -> int:
    """Delete the addresses that nobody has confirmed in time; return how many."""
    until = moment - datetime.timedelta(days=settings.value("subscription_days", on))
    stale = Subscription.objects.filter(confirmed_at__isnull=True, asked_at__lt=until)
    rows = list(stale.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Subscription.objects.filter(pk__in=rows).delete()
    return len(rows)
