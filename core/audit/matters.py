"""How lower layers refer to the row that a procedure runs on, without importing the layer that owns it."""

from typing import Any


def key(matter: Any) -> tuple[str, str]:
    """Return ("filings.application", "17") for a model row; a ready (type, id) pair is returned as text.

    Raises ValueError for a row that was not saved yet: an event would name nothing.
    """
    if isinstance(matter, tuple):
        matter_type, matter_id = matter
        return str(matter_type), str(matter_id)
    if matter.pk is None:
        raise ValueError("a matter must be saved before anything can refer to it")
    return matter._meta.label_lower, str(matter.pk)
