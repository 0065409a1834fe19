"""Taking in a file: named, measured, recognised by its content, stored under a random name, one row a version."""

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, BinaryIO, ParamSpec, TypeVar, cast

import structlog
from django.core.files import File
from django.db import transaction
from django.db.models import Max, Model

from core.accounts.actors import Actor
from core.audit import matters
from core.documents.formats import ALLOWED, EXTENSIONS, IMAGES, Format, recognise, refuse
from core.documents.models import Upload
from core.documents.scanning import scan
from core.documents.storage import STORE_FAILURES, put
from core.reference import settings
from core.refusals import Invalid, Reason, Unavailable

log = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

NAME_LENGTH = 200
# The mark of a file that was looked at; it lives for one request, as the file does.
_SEEN = "_looked_at"
MEGABYTE = 1024 * 1024
# Names whose extension claims something; others ("扫描件.2026-09") merely contain a dot.
_CLAIMS = {extension: media_type for media_type, group in EXTENSIONS.items() for extension in group}


def scanned_first(act: Callable[P, R]) -> Callable[P, R]:
    """Let an act `look_at` the files it is given before it begins. The outermost of its decorators; it takes `on` by
    name."""

    @wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for given in (*args, *kwargs.values()):
            if isinstance(given, File):
                look_at(given, cast("datetime.date", kwargs["on"]))
        return act(*args, **kwargs)

    return run


def look_at(file: File, on: datetime.date) -> None:
    """Measure and scan a file, once, before any row is locked for it: the scanner may think for long.

    What is none of the portal's formats it need not see: `receive` refuses that in the words of its slot. Raises
    Invalid, Unavailable.
    """
    if getattr(file, _SEEN, False):
        return
    check_size(file, on)
    try:
        recognise(cast("BinaryIO", file))
    except Invalid:
        return
    scan(cast("BinaryIO", file))
    setattr(file, _SEEN, True)


def receive(
    file: File,
    *,
    matter: Any,
    slot: str,
    actor: Actor,
    on: datetime.date,
    formats: Sequence[str] = ALLOWED,
) -> Upload:
    """Check a file and keep it as the next version of its slot in the matter.

    matter: a saved row, locked while the version is counted. formats: the extensions that this slot takes. The file is
    stored before the row commits; if the transaction is rolled back, a daily job removes it. Raises Invalid, with what
    to do, for a file that is of another format, empty, too large, broken, disguised, encrypted, or carries macros,
    scripts or a virus; Unavailable where the store does not take it, or the scanner does not answer.
    """
    look_at(file, on)
    found = recognise(cast("BinaryIO", file), formats)
    name = clean_name(file.name or "", found)
    digest = _sha256(file)
    file.seek(0)
    with transaction.atomic():
        upload = _next_version(
            matter,
            slot,
            name=name,
            media_type=found.media_type,
            size=file.size or 0,
            pages=found.pages,
            sha256=digest,
            uploaded_by=actor.position,
            on=on,
        )
        _store(upload, name, file)
        upload.save()
    return upload


def _store(upload: Upload, name: str, file: File) -> None:
    """Store the file under the row's own random name. Raises Unavailable where the store does not take it."""
    try:
        upload.file = put(upload.file.storage, upload.file.field.generate_filename(upload, name), file)
    except STORE_FAILURES as problem:
        log.exception("not_stored", problem=type(problem).__name__)
        raise Unavailable(
            Reason("not_stored", "文件现在存不进去，没有收下；其他内容都在。请一分钟后再传，还不行就联系系统管理员。")
        ) from problem


def attach_again(upload: Upload, *, matter: Any, actor: Actor, on: datetime.date) -> Upload:
    """Hand the file of an upload in for another matter too: a row of its own under the same slot, that names the same
    stored file. Nothing of the earlier row or the file changes."""
    with transaction.atomic():
        again = _next_version(
            matter,
            upload.slot,
            name=upload.name,
            media_type=upload.media_type,
            size=upload.size,
            pages=upload.pages,
            sha256=upload.sha256,
            file=upload.file.name,
            uploaded_by=actor.position,
            on=on,
        )
        again.save()
    return again


def _next_version(matter: Any, slot: str, **fields: Any) -> Upload:
    """An unsaved row with the next version of a slot. Locks the matter, so in a transaction."""
    matter_type, matter_id = matters.key(matter)
    if isinstance(matter, Model):
        type(matter)._default_manager.select_for_update(no_key=True, of=("self",)).get(pk=matter.pk)
    versions = Upload.objects.filter(matter_type=matter_type, matter_id=matter_id, slot=slot)
    last = versions.aggregate(last=Max("version"))["last"] or 0
    return Upload(matter_type=matter_type, matter_id=matter_id, slot=slot, version=last + 1, **fields)


def check_size(file: File, on: datetime.date) -> None:
    """Raise Invalid for an empty file, or one above the setting's megabytes."""
    if not file.size:
        raise refuse("empty_file", "这个文件是空的。请检查后重新上传。")
    limit = settings.value("upload_max_mb", on)
    if file.size > limit * MEGABYTE:
        raise refuse(
            "too_large",
            f"文件有 {file.size / MEGABYTE:.1f} MB，超过每个 {limit} MB 的上限。请压缩，或降低扫描分辨率后再上传。",
        )


def latest(matter: Any, slot: str) -> Upload | None:
    """The newest version in a slot of a matter."""
    matter_type, matter_id = matters.key(matter)
    return Upload.objects.filter(matter_type=matter_type, matter_id=matter_id, slot=slot).order_by("-version").first()


def clean_name(name: str, found: Format) -> str:
    """Return a name safe to show and to save under: no path, no control or direction marks, at most 200 characters,
    with the extension of what the file is.

    Raises Invalid for a file that its extension passes off as something else (a picture called .jpg that is a PNG is
    merely renamed).
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    base = "".join(c for c in base if not unicodedata.category(c).startswith("C"))
    base = re.sub(r'[<>:"|?*\s]+', " ", base).rstrip(" .")
    stem, dot, extension = base.rpartition(".")
    claimed = _CLAIMS.get(extension.lower()) if dot else None
    both_images = claimed in IMAGES and found.media_type in IMAGES
    if claimed and claimed != found.media_type and not both_images:
        raise refuse(
            "disguised",
            f"文件名以 .{extension.lower()} 结尾，内容却是 {found.extension.upper()}。"
            "请确认是否选对了文件，改好扩展名再上传。",
        )
    base = (stem if claimed else base).strip(" .")
    return f"{base[: NAME_LENGTH - 1 - len(found.extension)] or '未命名'}.{found.extension}"


def _sha256(file: File) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest() if file.seekable() else _by_chunks(file)


def _by_chunks(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
