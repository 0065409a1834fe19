"""The same records in datasette: an SQLite file with its full-text index, served as its manual says.

It counts areas and statuses, and is spared occupations and levels, which ours counts too: those of lists within a row
take it half a minute.
"""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench._http import word
from registry.folding import fold, sound

COLUMNS = ("code", "name", "credit_code", "area", "address", "status", "valid_until", "sound", "occupations")
FACETS = "&_facet=area&_facet=status"
# Its limits of time are lifted: what it counts is to be whole, as ours is.
SETTINGS = {"facet_time_limit_ms": 60_000, "sql_time_limit_ms": 60_000, "max_returned_rows": 1_000, "suggest_facets": 0}


def write(file: Path, contents: Iterable[dict[str, Any]], today: str) -> None:
    """Write what is published of each agency into a database with a full-text index by trigrams."""
    database = sqlite3.connect(file)
    database.execute(f"CREATE TABLE agency ({', '.join(COLUMNS)}, PRIMARY KEY (code))")
    places = ", ".join("?" * len(COLUMNS))
    database.executemany(f"INSERT INTO agency VALUES ({places})", (_row(one, today) for one in contents))
    indexed = "code, name, credit_code, address, sound, content='agency', tokenize='trigram'"
    database.execute(f"CREATE VIRTUAL TABLE agency_fts USING fts5({indexed})")
    database.execute("INSERT INTO agency_fts(agency_fts) VALUES ('rebuild')")
    database.execute("CREATE INDEX agency_area ON agency(area)")
    database.execute("ANALYZE")
    database.commit()
    database.close()


def _row(one: dict[str, Any], today: str) -> tuple[str, ...]:
    spoken = sound(fold(one["name"]))
    occupations = json.dumps([item["code"] for item in one["scope"]])
    status = "valid" if one["valid_until"] >= today else "expired"
    plain = (one[name] for name in ("code", "name", "credit_code", "area", "address"))
    return (*plain, status, one["valid_until"], f"{spoken.initials} {spoken.whole}", occupations)


def command(file: Path, port: int) -> list[str]:
    """The server's command."""
    told = [part for name, value in SETTINGS.items() for part in ("--setting", name, str(value))]
    return ["-m", "datasette", "serve", str(file), "--host", "127.0.0.1", "--port", str(port), *told]


def path(text: str) -> str:
    """The address of a search that contains a text, with facets."""
    return f"/agency/agency.json?_size=20&_shape=objects&_search={word(text)}{FACETS}"


def near(text: str) -> str:
    """The address of a search for most of a text: any of its trigrams, the best first, which is how a full-text index
    by trigrams allows for a slip."""
    parts = " OR ".join(f'"{text[place : place + 3]}"' for place in range(len(text) - 2))
    return f"/agency/agency.json?_size=20&_shape=objects&_searchmode=raw&_search={word(parts)}{FACETS}"
