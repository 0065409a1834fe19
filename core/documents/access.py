"""Who may read a matter's files. The app that owns the matter registers the answer; nobody else may."""

from collections.abc import Callable

from core.accounts.actors import Actor
from core.documents.models import OfficialDocument, Upload

# (actor, matter_id, slot of an upload or series of a paper) -> may read
Predicate = Callable[[Actor, str, str], bool]

_predicates: dict[str, Predicate] = {}


def register(matter_type: str, predicate: Predicate) -> None:
    """Say who may read the files of matters of this type, from an app's ready(). ValueError if said differently."""
    if _predicates.setdefault(matter_type, predicate) != predicate:
        raise ValueError(f"who may read files of {matter_type} is already registered")


def may_read(actor: Actor | None, obj: Upload | OfficialDocument) -> bool:
    """May this actor read this file? No, unless its matter's predicate says yes."""
    predicate = _predicates.get(obj.matter_type)
    if actor is None or predicate is None:
        return False
    part = obj.slot if isinstance(obj, Upload) else obj.series
    return predicate(actor, obj.matter_id, part)
