"""Can this process do its work: is what it needs there? One sentence for each thing that is not."""

import secrets
from collections.abc import Callable
from functools import cache as once
from typing import Final

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from core.clock.agreement import ClocksDiffer
from core.documents.storage import STORE_FAILURES

FOLDER: Final = "ready"


class NotReady(Exception):
    """What is missing; the message says what to do about it."""


def database() -> None:
    """Ask the database for a row."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except ClocksDiffer as differ:
        raise NotReady(str(differ)) from None
    except DatabaseError:
        # A connection kept from before is broken for good: the next try makes a new one.
        connection.close()
        raise NotReady("连不上数据库：检查 PORTAL_DATABASE_URL，确认 PostgreSQL 在运行。") from None


@once
def _migrated() -> bool:
    """Whether nothing is left to migrate; what is applied stays so while this code runs."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("数据库结构不是这个版本的：先运行 manage.py migrate。")
    return True


def migrations() -> None:
    """See that the database's tables are this version's."""
    try:
        _migrated()
    except DatabaseError:
        raise NotReady("读不到数据库结构：先运行 manage.py migrate。") from None


def redis() -> None:
    """Write to the cache, which lies where the queue lies, and read it back."""
    key, value = f"{FOLDER}:{secrets.token_hex(8)}", secrets.token_hex(8)
    try:
        cache.set(key, value, 10)
        same = cache.get(key) == value
    except (RedisError, OSError, DatabaseError):
        same = False
    if not same:
        raise NotReady("连不上 Redis：检查 PORTAL_REDIS_URL，确认 Redis 在运行。")


def store() -> None:
    """Write a file to the store and take it away again."""
    try:
        name = default_storage.save(f"{FOLDER}/{secrets.token_hex(8)}", ContentFile(b"ready"))
        default_storage.delete(name)
    except STORE_FAILURES:
        raise NotReady("文件存不进去：检查文件夹的空间和权限，或者 PORTAL_S3_* 的设置。") from None


CHECKS: Final[dict[str, Callable[[], None]]] = {
    "database": database,
    "migrations": migrations,
    "redis": redis,
    "store": store,
}


def failing() -> dict[str, str]:
    """Return what is not ready, by name, each with its sentence; empty where all is."""
    found: dict[str, str] = {}
    for name, check in CHECKS.items():
        if name == "migrations" and "database" in found:
            continue
        try:
            check()
        except NotReady as problem:
            found[name] = str(problem)
    return found
