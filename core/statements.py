"""Statements that the ORM writes once and that are sent often: to write one takes several times as long as its answer.

The statement is kept, never an answer.
"""

from typing import Any

from django.db import connection
from django.db.models import QuerySet

# Its SQL and its parameters.
Statement = tuple[str, tuple[Any, ...]]


def written(rows: QuerySet[Any, Any]) -> Statement:
    """Return the statement of a query (values_list, of columns that need no reading), to be kept for each vendor."""
    sql, parameters = rows.query.sql_with_params()
    return sql, tuple(parameters)


def answer(statement: Statement) -> list[tuple[Any, ...]]:
    """Send it; return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return cursor.fetchall()
