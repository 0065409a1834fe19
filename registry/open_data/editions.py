"""Makes the editions of the open data, says which may be handed out, and clears away what may not or is old."""

import datetime
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import product
from typing import IO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Max

from core.publications.models import Publication
from registry.open_data import changes, package, table_schema
from registry.open_data.datasets import DATASETS
from registry.open_data.files import FORMATS, JSON_TYPE
from registry.open_data.models import Edition, EditionFile
from registry.open_data.table import Cell

FOLDER = "open_data"
# How long an edition can be fetched after the next one, by whoever has read its description.
KEPT = datetime.timedelta(days=7)
# Longer than making an edition may last: a file that no row names by then is of one that failed.
ABANDONED = datetime.timedelta(hours=24)
# The advisory lock that one maker holds at a time (any fixed number; this one spells "open").
_LOCK = 0x6F70656E


def newest() -> Edition | None:
    """Return the edition that was read last: one is made at a time, so ids are in order."""
    return Edition.objects.order_by("-id").first()


def may_be_served(edition: Edition) -> bool:
    """Whether nothing that it holds has been withdrawn since. Asked of the publications each time, so it is so from the
    commit of a withdrawal on, whether or not a worker runs."""
    return _withdrawn(edition.last_publication) == edition.withdrawn


def _withdrawn(last: int) -> int:
    return Publication.objects.filter(withdrawn_on__isnull=False, pk__lte=last).count()


def make_due(on: datetime.date, at: datetime.datetime) -> bool:
    """Make an edition where there is none of that day, or none that may be served; return whether one was made."""
    found = newest()
    if found is not None and found.as_of == on and may_be_served(found):
        return False
    return make(on, at) is not None


def make(on: datetime.date, at: datetime.datetime) -> Edition | None:
    """Make an edition as of a day: its files and the rows that name them, in one transaction on one state of the data.

    at: the moment of reading (aware). None where another process is making one: what that misses is made after it.
    """
    changes.catch_up(on)
    changes.number_waiting()
    with _one_state() as mine:
        if not mine:
            return None
        last = Publication.objects.aggregate(last=Max("pk"))["last"] or 0
        edition = Edition.objects.create(
            as_of=on,
            made_at=at,
            last_publication=last,
            withdrawn=_withdrawn(last),
            last_change=changes.last_number(),
            version=table_schema.version(),
        )
        keep = _Keeper(edition, f"{FOLDER}/{on:%Y%m%d}-{secrets.token_hex(6)}")
        files = []
        for dataset, kind in product(DATASETS, FORMATS):
            rows = _Counted(dataset.cells(on))
            written = kind.write(dataset, rows)
            name = package.file_name(dataset, kind)
            files.append(keep.file(name, kind.media_type, written, dataset.name, rows.count))
        files.append(keep.file(package.NAME, JSON_TYPE, ContentFile(package.content(edition, files))))
        EditionFile.objects.bulk_create(files)
    return edition


@contextmanager
def _one_state() -> Iterator[bool]:
    """A transaction that sees one state of the data throughout, alone; yields False where another process is in it.

    On SQLite it is alone and sees one state anyway; so it is inside a transaction that has begun (in tests).
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                if not connection.savepoint_ids:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
                row = cursor.fetchone()
                if row is None or not row[0]:
                    yield False
                    return
        yield True


class _Counted:
    """Counts the rows that are read."""

    def __init__(self, rows: Iterator[list[Cell]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[list[Cell]]:
        return self

    def __next__(self) -> list[Cell]:
        row = next(self.rows)
        self.count += 1
        return row


@dataclass(frozen=True)
class _Keeper:
    """Stores an edition's files, each under a name that begins like no other edition's: nothing is written over."""

    edition: Edition
    begins: str

    def file(
        self, name: str, media_type: str, written: IO[bytes] | ContentFile, dataset: str = "", rows: int | None = None
    ) -> EditionFile:
        """Store a file; return its row, unsaved."""
        with written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()  # type: ignore[arg-type]
            size = written.tell()
            written.seek(0)
            stored = default_storage.save(f"{self.begins}-{name}", File(written))
        return EditionFile(
            edition=self.edition,
            dataset=dataset,
            name=name,
            media_type=media_type,
            size=size,
            sha256=digest,
            rows=rows,
            file=stored,
        )


def clear_away(at: datetime.datetime, real: datetime.datetime) -> int:
    """Remove the editions that a newer one has followed and that are old, or hold what was withdrawn; return how many.

    at: the portal's moment; real: the real one, by which the store dates what no row names.
    """
    current = newest()
    removed = 0
    for edition in Edition.objects.exclude(pk=current.pk if current else None):
        if at - edition.made_at > KEPT or not may_be_served(edition):
            _remove(edition)
            removed += 1
    _remove_abandoned(real)
    return removed


@transaction.atomic
def _remove(edition: Edition) -> None:
    """The row first, the files when it is gone for good: a row never names a file that is not there."""
    names = list(edition.files.values_list("file", flat=True))
    edition.delete()
    for name in names:
        transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]


def _remove_abandoned(real: datetime.datetime) -> None:
    if not default_storage.exists(FOLDER):
        return
    stored = {f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]}
    for name in stored - set(EditionFile.objects.values_list("file", flat=True)):
        with suppress(FileNotFoundError):  # cleared away by another process meanwhile
            if real - default_storage.get_modified_time(name) > ABANDONED:
                default_storage.delete(name)
