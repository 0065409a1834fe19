"""What breaks layouts and pages: TEXTS, and a way to let people write nothing else.

Whatever people write as they like - names, remarks, opinions, file names - is one of TEXTS while `tortured()`: put in
as the row is saved, so that a field added tomorrow is tortured too.
"""

import itertools
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.db.models.signals import pre_save

from core.web.hard_words import TEXTS
from core.workflow.models import Proposal
from desks.demo import files
from tests.world import PDF

# Text that follows a form of its own: codes, keys, numbers. Whatever is not named here is what somebody wrote.
FORMED = """
    act actor_label addressee_name audit_head basis body_hash cap certificate code contact_phone content_hash
    credit_code digest email error first_name hash head issuer_name key kind lapse last_name legal_representative_id
    link material matter_id matter_type media_type part password pdf_sha256 phone quota_area request_id route series
    sha256 slot token_hash transition unit username verb
"""
# Composed by the portal of what somebody wrote; and files, which are named as they are taken in.
COMPOSED = {
    "audit.Event",
    "documents.OfficialDocument",
    "documents.Upload",
    "notifications.Message",
    "publications.Publication",
}
# What is written into a proposal, by its key.
SAID = {"text", "reason", "orders", "note", "opinion", "answer"}

_written: set[str] = set()
_turns: dict[str, Iterator[str]] = {}


def words(place: str, longest: int | None = None) -> str:
    """Return the next of TEXTS for a place; each place begins at another one."""
    if place not in _turns:
        start = zlib.crc32(place.encode()) % len(TEXTS)
        _turns[place] = itertools.cycle(TEXTS[start:] + TEXTS[:start])
    text = next(_turns[place])[:longest]
    _written.add(text)
    return text


def written_fields(model: type[models.Model]) -> list[models.Field]:
    """Return the fields of a model in which people write as they like."""
    if model._meta.label in COMPOSED or model.__name__.startswith("Historical"):
        return []
    return [
        one
        for one in model._meta.local_concrete_fields
        if isinstance(one, models.CharField | models.TextField)
        and not (one.choices or one.unique or one.name in FORMED.split())
    ]


def _torture(instance: Any, raw: bool = False, **_: Any) -> None:
    for one in written_fields(type(instance)):
        value = getattr(instance, one.attname)
        if value and value not in _written:
            setattr(instance, one.attname, words(f"{instance._meta.label}.{one.name}", one.max_length))
    if isinstance(instance, Proposal):
        instance.payload = _said(instance.payload)


def _said(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _said(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_said(one) for one in value]
    if isinstance(value, str) and value and key in SAID and value not in _written:
        return words(f"proposal.{key}", 200)
    return value


@contextmanager
def tortured() -> Iterator[None]:
    """Whatever is written meanwhile is one of TEXTS, the names of files too; a PDF is one small file."""
    _written.clear()
    _turns.clear()
    makers = {name: getattr(files, name) for name in ("pdf", "jpg", "docx", "xlsx")}
    pre_save.connect(_torture)
    files.pdf = lambda *_: ContentFile(PDF, words("files.pdf") + ".pdf")
    for name in ("jpg", "docx", "xlsx"):
        setattr(files, name, _renamed(makers[name]))
    try:
        yield
    finally:
        pre_save.disconnect(_torture)
        for name, maker in makers.items():
            setattr(files, name, maker)


def _renamed(maker: Callable[..., ContentFile]) -> Callable[..., ContentFile]:
    def make(*content: Any) -> ContentFile:
        made = maker(*content)
        made.name = f"{words('files')}.{made.name.rpartition('.')[2]}"
        return made

    return make
