"""The store: how it fails, and files on it that no row names."""

import datetime
from contextlib import suppress

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.storage import Storage, default_storage

from core.documents.models import Upload

# A folder's failures, and an object store's.
STORE_FAILURES = (OSError, BotoCoreError, ClientError)
# Longer than any request or transaction may last.
MINIMUM_AGE = datetime.timedelta(hours=24)
BATCH = 500


def put(storage: Storage, name: str, content: File) -> str:
    """Store a file; return the name it got. Raises one of STORE_FAILURES; nothing of it is left on a full disk then."""
    try:
        return storage.save(name, content)
    except STORE_FAILURES:
        with suppress(*STORE_FAILURES):
            storage.delete(name)
        raise


def remove_orphans(now: datetime.datetime) -> int:
    """Remove upload files older than a day that no row names; return how many. now: aware, the real moment.

    A file is stored before its row commits: one whose transaction was rolled back stays behind until this runs.
    """
    removed = 0
    for folder in _folders("uploads"):
        names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        for start in range(0, len(names), BATCH):
            batch = names[start : start + BATCH]
            known = set(Upload.objects.filter(file__in=batch).values_list("file", flat=True))
            for name in batch:
                if name not in known and now - default_storage.get_modified_time(name) > MINIMUM_AGE:
                    default_storage.delete(name)
                    removed += 1
    return removed


def _folders(root: str) -> list[str]:
    # Not `exists`: an object store knows no folders, only names that begin alike.
    try:
        years = [f"{root}/{year}" for year in default_storage.listdir(root)[0]]
    except FileNotFoundError:
        return []
    return [f"{year}/{month}" for year in years for month in default_storage.listdir(year)[0]]
