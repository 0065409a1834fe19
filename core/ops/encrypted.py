"""Files encrypted with age, written and read through a pipe: nothing lies on the disk in clear."""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import pyrage

CHUNK: Final = 1 << 20


class Hashed:
    """A file read through, with the SHA-256 of what was read so far."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._hash = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data = self._source.read(size)
        self._hash.update(data)
        return data

    @property
    def sha256(self) -> str:
        """The hash, hex."""
        return self._hash.hexdigest()


@contextmanager
def writing(path: Path, key: Any) -> Iterator[tuple[IO[bytes], Hashed]]:
    """Yield a pipe whose bytes are encrypted into a new file, and their hash (complete after the block).

    Raises OSError where the file cannot be written, whatever else that led to inside the block.
    """
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb", CHUNK) as clear, ThreadPoolExecutor(1) as pool:
        hashed = Hashed(clear)

        def encrypt() -> None:
            with clear, path.open("xb") as target:
                try:
                    pyrage.encrypt_io(hashed, target, [key.to_public()])
                except pyrage.EncryptError as problem:
                    raise OSError(str(problem)) from problem
                target.flush()
                os.fsync(target.fileno())

        done = pool.submit(encrypt)
        try:
            with os.fdopen(writer, "wb", CHUNK) as pipe:
                yield pipe, hashed
        finally:
            done.result()


@contextmanager
def reading(path: Path, key: Any) -> Iterator[IO[bytes]]:
    """Yield a pipe with a file's clear bytes, to be read to their end.

    Raises pyrage.DecryptError where the key is another one or the file was changed: after the block, so what was read
    counts only then. Raises OSError where the file cannot be read.
    """
    reader, writer = os.pipe()

    def decrypt() -> None:
        with os.fdopen(writer, "wb", CHUNK) as pipe, path.open("rb") as source:
            pyrage.decrypt_io(source, pipe, [key])

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(decrypt)
        try:
            with os.fdopen(reader, "rb", CHUNK) as clear:
                yield clear
        except BaseException:
            done.exception()
            raise
        done.result()


def sha256(path: Path, key: Any) -> str:
    """Return the hash of a file's clear bytes. Raises as `reading` does."""
    with reading(path, key) as clear:
        hashed = Hashed(clear)
        while hashed.read(CHUNK):
            pass
    return hashed.sha256
