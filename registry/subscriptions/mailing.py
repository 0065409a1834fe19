"""Who is to be told of what: letters are made from the announcements, once for each, and kept no longer than needed."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.clock.clock import SHANGHAI
from core.notifications import delivery
from core.publications.models import Publication
from registry import announcements
from registry.subscriptions.models import Item, Letter, Often, Subscription, Told

# After a longer outage nobody wants to read what was new then.
REACH = datetime.timedelta(days=30)
# When the day's letter goes out, on the morning after.
MORNING = datetime.time(8)
BATCH = 500


def announce(on: datetime.date, moment: datetime.datetime) -> int:
    """Make the letters for what is announced as of `on` and was not told of yet, each announcement in a transaction of
    its own; return how many announcements."""
    told = Told.objects.filter(publication=OuterRef("pk"))
    new = announcements.announced(on).filter(~Exists(told), published_on__gt=on - REACH).order_by("published_on", "id")
    return sum(_announce(row, on, moment) for row in new[:BATCH])


@transaction.atomic
def _announce(row: Publication, on: datetime.date, moment: datetime.datetime) -> bool:
    _, mine = Told.objects.get_or_create(publication=row, defaults={"at": moment})
    if mine:  # another worker was not quicker
        wanting = _wanting(row)
        letters = _each([pk for pk, often in wanting if often == Often.EACH], moment)
        letters += _daily([pk for pk, often in wanting if often == Often.DAILY], on, moment)
        Item.objects.bulk_create(
            Item(letter=letter, subscription_id=letter.subscription_id, publication=row) for letter in letters
        )
    return mine


def _wanting(row: Publication) -> list[tuple[int, str]]:
    """Return (key, how often) of the subscribers of an announcement's kind, held until the letters are there: those who
    had confirmed when it was published, or before its day where it was published ahead."""
    its_day = datetime.datetime.combine(row.published_on, datetime.time(), SHANGHAI)
    by_then = Q(confirmed_at__lte=row.at) | Q(confirmed_at__lt=its_day)
    found = Subscription.objects.select_for_update().filter(by_then).order_by("pk")
    return [
        (pk, often) for pk, often, kinds in found.values_list("pk", "often", "kinds") if row.kind in kinds or not kinds
    ]


def _each(subscribers: Sequence[int], moment: datetime.datetime) -> list[Letter]:
    return Letter.objects.bulk_create(
        Letter(subscription_id=pk, kind=Letter.Kind.NEWS, made_at=moment, next_try_at=moment) for pk in subscribers
    )


def _daily(subscribers: Sequence[int], on: datetime.date, moment: datetime.datetime) -> list[Letter]:
    """Return the letters of the day, made where it is the day's first announcement."""
    there = list(Letter.objects.filter(subscription__in=subscribers, day=on))
    known = {letter.subscription_id for letter in there}
    due = datetime.datetime.combine(on + datetime.timedelta(days=1), MORNING, SHANGHAI)
    return there + Letter.objects.bulk_create(
        Letter(subscription_id=pk, kind=Letter.Kind.NEWS, day=on, made_at=moment, next_try_at=due)
        for pk in subscribers
        if pk not in known
    )


def unsent() -> QuerySet[Letter]:
    """Return the letters that were tried and have not gone out: given up, or to be tried again."""
    return Letter.objects.filter(attempts__gt=0).exclude(state=Letter.State.SENT)


def given_up() -> QuerySet[Letter]:
    """Return what an outage has stopped and may go out again. Whoever wanted a confirmation asks for another."""
    return delivery.stopped(unsent().filter(kind=Letter.Kind.NEWS))


def clear(moment: datetime.datetime) -> None:
    """Delete the letters that have gone out or were given up, once nobody will ask about them."""
    Letter.objects.exclude(state=Letter.State.PENDING).filter(made_at__lt=moment - REACH).delete()
