"""Rows by COPY, for benches that need many."""

import io
from collections.abc import Iterable

from django.db import connection
from django.db.models import Model


def copy(model: type[Model], rows: Iterable[dict[str, object]]) -> None:
    """COPY rows into the model's table; text columns that the first row does not name are empty, others null."""
    rows = iter(rows)
    first = next(rows)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = [
        name for name, field in fields.items() if name in first or (field.empty_strings_allowed and not field.null)
    ]
    buffer = io.StringIO()
    for row in (first, *rows):
        cells = ("" if name not in row else r"\N" if row[name] is None else str(row[name]) for name in columns)
        buffer.write("\t".join(cells) + "\n")
    buffer.seek(0)
    names = ", ".join(f'"{fields[name].column}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {model._meta.db_table} ({names}) FROM STDIN", buffer)
