"""What a virus scanner knows of a file: asked of clamd (ClamAV) where the settings name one."""

import datetime
import socket
import struct
import time
from contextlib import suppress
from typing import BinaryIO, Final, Self

import structlog
from django.conf import settings

from core.documents.formats import CHUNK, refuse
from core.refusals import Reason, Unavailable

log = structlog.get_logger(__name__)

# Seconds to get hold of the scanner; until it has answered about one file; until it has said that it is there. The
# scanner gives a file up earlier than that (MaxScanTime in clamd.conf).
CONNECT_WITHIN: Final = 3
ANSWER_WITHIN: Final = 30
VERSION_WITHIN: Final = 2
LONGEST_ANSWER: Final = 1024
CLEAN, FOUND = "stream: OK", " FOUND"
# Instead of a virus: it stopped at a limit of its own before the end (AlertExceedsMax in clamd.conf).
LIMITS, TOO_LONG = "Heuristics.Limits.Exceeded", "INSTREAM size limit exceeded. ERROR"
# That one is of the hour, not of the file.
TOO_SLOW = f"{LIMITS}.MaxScanTime"


class Unclear(OSError):
    """The scanner's answer is neither yes nor no."""


def scan(file: BinaryIO) -> None:
    """Let a file pass that the scanner knows nothing against. Leaves the position anywhere.

    Raises Invalid where it found something or could not look to the end; Unavailable where there is a scanner and it
    does not answer: what was not scanned is not taken. Without a scanner in the settings everything passes.
    """
    if settings.VIRUS_SCANNER is None:
        return
    file.seek(0)
    try:
        answer = _scanned(file)
        if (answer not in (CLEAN, TOO_LONG) and not answer.endswith(FOUND)) or TOO_SLOW in answer:
            raise Unclear(answer)
    except OSError as problem:
        log.exception("not_scanned", problem=str(problem))
        sentence = "现在不能检查文件有没有病毒，没有收下；其他内容都在。请一分钟后再传，还不行就联系系统管理员。"
        raise Unavailable(Reason("not_scanned", sentence)) from problem
    if answer != CLEAN:
        raise _refusal(answer.removesuffix(FOUND).removeprefix("stream: "))


def _refusal(found: str) -> Exception:
    if found == TOO_LONG or found.startswith(LIMITS):
        log.error("not_scanned_to_the_end", found=found)
        sentence = "这个文件太大或太复杂，病毒检查做不完，没有收下。请精简内容，或降低扫描分辨率后再上传。"
        return refuse("not_scannable", sentence)
    log.warning("virus_found", name=found)
    sentence = f"这个文件带有病毒（{found}），没有收下。请先给电脑杀毒，再用干净的电脑重新导出，或重新拍照上传。"
    return refuse("virus", sentence)


def version() -> str:
    """Return what the scanner says of itself and its signatures. Raises OSError where it does not answer at once."""
    with _Asked(VERSION_WITHIN) as scanner:
        scanner.send(b"nVERSION\n")
        return scanner.answer()


def signatures_of(version: str) -> datetime.datetime | None:
    """Return when the signatures were made ("ClamAV 1.4.6/27345/Sat Nov 15 08:31:02 2025"), as if in UTC; None where it
    names none."""
    with suppress(ValueError):
        return datetime.datetime.strptime(f"{version.rpartition('/')[2]} +0000", "%a %b %d %H:%M:%S %Y %z")
    return None


def _scanned(file: BinaryIO) -> str:
    """Send a file as clamd's INSTREAM takes it: pieces, each after its length; an empty one ends it."""
    with _Asked(ANSWER_WITHIN) as scanner:
        try:
            scanner.send(b"nINSTREAM\n")
            for piece in iter(lambda: file.read(CHUNK), b""):
                scanner.send(struct.pack("!L", len(piece)) + piece)
            scanner.send(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            # Where it has seen enough (the file is too large for it, say) it answers and closes: why, it has said.
            if (answer := scanner.answer()) == CLEAN:
                raise Unclear("clean, before the end") from None
            return answer
        return scanner.answer()


class _Asked:
    """A connection to the scanner that ends, whatever it does, when so many seconds are over; to get it may take
    CONNECT_WITHIN for each address of its name."""

    def __init__(self, within: float) -> None:
        if settings.VIRUS_SCANNER is None:
            raise Unclear("no scanner in the settings")
        self._until = time.monotonic() + within
        self._connection = socket.create_connection(settings.VIRUS_SCANNER, min(CONNECT_WITHIN, within))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def send(self, data: bytes) -> None:
        """Send it all. Raises OSError."""
        self._wait()
        self._connection.sendall(data)

    def answer(self) -> str:
        """Return its line. Raises OSError; Unclear where there is none."""
        line = b""
        while b"\n" not in line and len(line) < LONGEST_ANSWER:
            self._wait()
            if not (piece := self._connection.recv(LONGEST_ANSWER)):
                break
            line += piece
        if not line.strip():
            raise Unclear("no answer")
        return line.decode(errors="replace").strip()

    def _wait(self) -> None:
        """Let the next call wait for no longer than what is left."""
        if (left := self._until - time.monotonic()) <= 0:
            raise TimeoutError("no time left")
        self._connection.settimeout(left)
