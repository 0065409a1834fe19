"""What Django sends to PostgreSQL, written down and sent again by psycopg2 alone to a copy of the database."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.db import connection
from psycopg2 import extensions

# What is sent again: ("sql", text, parameters), ("autocommit", on), ("commit",).
Sent = tuple[Any, ...]


def use(name: str) -> None:
    """Let Django work on this database."""
    if connection.settings_dict["NAME"] != name:
        connection.close()
        connection.settings_dict["NAME"] = name


def copied(name: str, suffix: str) -> str:
    """Copy a database as it is, sequences included; return the copy's name."""
    connection.close()
    with bare("template1") as alone, alone.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}_{suffix}" TEMPLATE "{name}"')
    return f"{name}_{suffix}"


@contextmanager
def bare(name: str) -> Iterator[extensions.connection]:
    database = connection.settings_dict
    alone = psycopg2.connect(host=database["HOST"], port=database["PORT"], user=database["USER"], dbname=name)
    alone.autocommit = True
    try:
        yield alone
    finally:
        alone.close()


@contextmanager
def recorded() -> Iterator[list[Sent]]:
    """Write down every statement, commit and change of autocommit that Django sends."""
    sent: list[Sent] = []
    commit, set_autocommit = connection._commit, connection._set_autocommit

    def statement(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        sent.append(("sql", sys.intern(sql), parameters))
        return execute(sql, parameters, many, context)

    def committed() -> None:
        sent.append(("commit",))
        commit()

    def autocommit(on: bool) -> None:
        sent.append(("autocommit", on))
        set_autocommit(on)

    connection.ensure_connection()
    connection._commit, connection._set_autocommit = committed, autocommit
    try:
        with connection.execute_wrapper(statement):
            yield sent
    finally:
        del connection._commit, connection._set_autocommit


def send_again(alone: extensions.connection, sent: list[Sent]) -> float:
    """Send what was recorded to the copy; return the seconds."""
    with alone.cursor() as cursor:
        begin = time.perf_counter()
        for kind, *what in sent:
            if kind == "sql":
                cursor.execute(*what)
                if cursor.description:
                    cursor.fetchall()
            elif kind == "commit":
                alone.commit()
            else:
                alone.autocommit = what[0]
        return time.perf_counter() - begin
