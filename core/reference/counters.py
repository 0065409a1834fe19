"""Numbers without gaps."""

from django.db import IntegrityError, connection, transaction

from core.reference.models import Counter


def next_number(series: str, year: int) -> int:
    """Return the next number of the series in that year, from 1, in the caller's transaction."""
    return next_numbers(series, year, 1)[0]


def next_numbers(series: str, year: int, count: int) -> range:
    """Return the next `count` numbers of the series in that year, in the caller's transaction.

    The counter row stays locked until the transaction ends, so a rolled back number is given again.
    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are given inside the transaction that uses them")
    rows = Counter.objects.select_for_update().filter(series=series, year=year)
    counter = rows.first()
    if counter is None:
        try:
            with transaction.atomic():
                Counter.objects.create(series=series, year=year)
        except IntegrityError:
            pass  # another transaction was first; its row is locked below
        counter = rows.get()
    counter.last += count
    counter.save(update_fields=["last"])
    return range(counter.last - count + 1, counter.last + 1)
