"""What a virus scanner knows of a file: asked of clamd (ClamAV) where the settings name one."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, Final

import structlog
from django.conf import settings

from core.documents.formats import CHUNK, refuse
from core.refusals import Reason, Unavailable

log = structlog.get_logger(__name__)

# Seconds to get hold of the scanner; seconds it may take over one file.
CONNECT_WITHIN: Final = 3
ANSWER_WITHIN: Final = 30
CLEAN, FOUND = "stream: OK", " FOUND"


class Unclear(OSError):
    """The scanner's answer is neither yes nor no."""


def scan(file: BinaryIO) -> None:
    """Let a file pass that the scanner knows nothing against. Leaves the position anywhere.

    Raises Invalid where it found something; Unavailable where there is a scanner and it does not answer: what was not
    scanned is not taken. Without a scanner in the settings everything passes.
    """
    if settings.VIRUS_SCANNER is None:
        return
    file.seek(0)
    try:
        answer = _scanned(file)
        if answer != CLEAN and not answer.endswith(FOUND):
            raise Unclear(answer)
    except OSError as problem:
        log.exception("not_scanned", problem=str(problem))
        sentence = "现在不能检查文件有没有病毒，没有收下；其他内容都在。请一分钟后再传，还不行就联系系统管理员。"
        raise Unavailable(Reason("not_scanned", sentence)) from problem
    if answer.endswith(FOUND):
        name = answer.removesuffix(FOUND).removeprefix("stream: ")
        log.warning("virus_found", name=name)
        raise refuse("virus", f"这个文件带有病毒（{name}），没有收下。请先给电脑杀毒，再重新扫描或导出一份上传。")


def version() -> str:
    """Return what the scanner says of itself and its signatures. Raises OSError where it does not answer."""
    with _connected() as connection:
        return _asked(connection, b"nVERSION\n")


def _scanned(file: BinaryIO) -> str:
    """Send a file as clamd's INSTREAM takes it: pieces, each after its length; an empty one ends it."""
    with _connected() as connection:
        # Where it has seen enough (the file is too large for it, say) it answers and closes: its answer is what counts.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(b"nINSTREAM\n")
            for piece in iter(lambda: file.read(CHUNK), b""):
                connection.sendall(struct.pack("!L", len(piece)) + piece)
            connection.sendall(struct.pack("!L", 0))
        return _asked(connection)


@contextmanager
def _connected() -> Iterator[socket.socket]:
    if settings.VIRUS_SCANNER is None:
        raise Unclear("no scanner in the settings")
    with socket.create_connection(settings.VIRUS_SCANNER, CONNECT_WITHIN) as connection:
        connection.settimeout(ANSWER_WITHIN)
        yield connection


def _asked(connection: socket.socket, command: bytes = b"") -> str:
    connection.sendall(command)
    with connection.makefile("rb") as answers:
        line = answers.readline().decode(errors="replace").strip()
    if not line:
        raise Unclear("no answer")
    return line
