"""Rows by COPY, for benches that need many."""

import io
from collections.abc import Iterable

from django.db import connection
from django.db.models import Model


def copy(model: type[Model], rows: Iterable[dict[str, object]]) -> None:
    """COPY rows into the model's table; what the first row does not name has the model's own plain default: text is
    empty, a nullable column null."""
    rows = iter(rows)
    first = next(rows)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    plain = {name: "" for name, field in fields.items() if field.empty_strings_allowed and not field.null}
    plain |= {name: field.default for name, field in fields.items() if isinstance(field.default, str | int)}
    columns = [name for name in fields if name in first or name in plain]
    buffer = io.StringIO()
    for row in (first, *rows):
        values = (row.get(name, plain.get(name, "")) for name in columns)
        cells = (r"\N" if value is None else str(value) for value in values)
        buffer.write("\t".join(cells) + "\n")
    buffer.seek(0)
    names = ", ".join(f'"{fields[name].column}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {model._meta.db_table} ({names}) FROM STDIN", buffer)
