"""A country's agencies in the registry: entries by COPY as `registry.entries` lays them out, names skewed as names are.

Places, brands and kinds of school are drawn by Zipf's law: a few are in every tenth name, most in one of thousands. The
words are made up of common syllables; no real agency is meant.
"""

import datetime
import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from django.db import connection
from django.db.models import Model

from bench._copying import copy
from core.publications.models import Publication
from registry import entries
from registry.models import Entry, Locality, Offer
from registry.records import KIND, read

SCOPE = 25  # occupations of each
AREAS, BRANDS, OCCUPATIONS = 2_800, 4_000, 1_500
PLACE_SIGNS = "安阳林州汤阴滑内黄濮平顶山开封洛新乡焦作鹤壁三门峡许昌漯河南商丘信周口驻马店济源江海北东西川云贵湖广"
BRAND_SIGNS = "匠心智造宏达鼎盛博远启航中科华英才百业技成育德立信金桥未来星火卓越明志诚恒源长青润泽嘉禾通达腾飞正和"
KINDS = ("职业培训学校", "职业技能培训中心", "教育科技有限公司", "技工学校", "职业技术学院", "人力资源有限公司")
SKILLS = "电焊车钳烹护育织染印测绘修驾装配检数养茶酒美容保健物流仓储机械设备"
TERM = datetime.timedelta(days=1095)
BATCH = 2_000
MOMENT = "2026-01-01 02:00+00"


def _drawn(many: int, dice: random.Random) -> Iterator[int]:
    """Yield numbers below `many`, the n-th n times as seldom as the first."""
    numbers = list(range(many))
    weights = [1 / (number + 1) for number in numbers]
    while True:
        yield from dice.choices(numbers, weights, k=10_000)


def _words(signs: str, many: int, dice: random.Random) -> list[str]:
    made = {"".join(dice.choices(signs, k=2)) for _ in range(many * 3)}
    return sorted(made)[:many] if len(made) >= many else sorted(made)


def contents(many: int, on: datetime.date) -> Iterator[dict[str, object]]:
    """Yield what is published of so many agencies, a fifth of them over by this day; the same each time."""
    dice = random.Random(160)
    places, brands = _words(PLACE_SIGNS, AREAS, dice), _words(BRAND_SIGNS, BRANDS, dice)
    skills = [f"{''.join(dice.choices(SKILLS, k=2))}工" for _ in range(OCCUPATIONS)]
    place, brand = _drawn(len(places), dice), _drawn(len(brands), dice)
    kind, skill = _drawn(len(KINDS), dice), _drawn(OCCUPATIONS, dice)
    for number in range(many):
        at = next(place)
        begun = on - datetime.timedelta(days=number % 1000 if number % 5 else 1200 + number % 1000)
        held = sorted({next(skill) for _ in range(SCOPE * 2)})
        dice.shuffle(held)
        yield {
            "name": f"{places[at]}市{brands[next(brand)]}{KINDS[next(kind)]}",
            "code": f"S{number:012}",
            "credit_code": f"91{number:016}",
            "area": f"{places[at]}市",
            "area_code": f"{300000 + at}",
            "address": f"{places[at]}市示例路{number % 900 + 1}号",
            "valid_from": str(begun),
            "valid_until": str(begun + TERM),
            "receipt": f"安人社职评备〔{begun.year}〕{number}号",
            "verification": f"{number:016}",
            "scope": [
                {"code": f"6-{one:08}", "occupation": skills[one], "levels": [5, 4, 3], "sites": ["校本部"]}
                for one in held[:SCOPE]
            ],
            "sites": [
                {"name": "校本部", "area": f"{places[at]}市", "area_code": f"{300000 + at}", "address": "示例路1号"}
            ],
            "state": "active",
            "held_open": False,
            "ended_on": None,
            "suspensions": [],
        }


def come(many: int, on: datetime.date) -> None:
    """Let so many agencies stand in the registry of an empty database."""
    told = enumerate(contents(many, on), start=1)
    with _indexed_after():
        while batch := list(islice(told, BATCH)):
            _copy(batch)


# What a copy has for its own, `n` being which copy it is and `last` the last key there was.
GROWN: dict[type[Model], dict[str, str]] = {
    Publication: {"id": "id + {n} * {last}", "key": "key || ':{n}'", "matter_id": "(id + {n} * {last})::text"},
    Entry: {
        "id": "id + {n} * {last}",
        "publication_id": "publication_id + {n} * {last}",
        "code": "'S{n}' || substr(code, 3)",
        "verification": "'{n}' || substr(verification, 2)",
        "summary": "summary || jsonb_build_object('code', 'S{n}' || substr(code, 3))",
    },
    Offer: {"id": "id + {n} * ({last} + 1) * 25", "entry_id": "entry_id + {n} * {last}"},
    Locality: {"id": "id + {n} * {last}", "entry_id": "entry_id + {n} * {last}"},
}


def grow(times: int) -> None:
    """Let there be so many times as many: each agency again, under codes of its own."""
    last = Entry.objects.latest("id").pk
    with _indexed_after(), connection.cursor() as cursor:
        for model, own in GROWN.items():
            columns = [field.column for field in model._meta.concrete_fields]
            names = ", ".join(f'"{column}"' for column in columns)
            key = "entry_id" if "entry_id" in columns else "id"
            for n in range(1, times):
                told = ", ".join(own.get(column, f'"{column}"').format(n=n, last=last) for column in columns)
                rows = f'SELECT {told} FROM "{model._meta.db_table}" WHERE {key} <= {last}'
                cursor.execute(f'INSERT INTO "{model._meta.db_table}" ({names}) {rows}')


@contextmanager
def _indexed_after() -> Iterator[None]:
    """The rows first, then the indexes of their text, as a load does it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname IN ('entry_called', 'entry_words')")
        indexes = [definition for (definition,) in cursor.fetchall()]
        cursor.execute("DROP INDEX entry_called, entry_words")
    yield
    with connection.cursor() as cursor:
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE")


def _copy(batch: Sequence[tuple[int, dict[str, object]]]) -> None:
    made = []
    for pk, content in batch:
        record = read(content, pk, datetime.date.fromisoformat(str(content["valid_from"])))
        made += [(pk, one) for one in entries.made_of([record], {})]
    for _, one in made:
        one.entry.changed_at = MOMENT
    copy(Publication, (
        {"id": pk, "key": f"nation:{pk}", "kind": KIND, "title": content["name"], "content": _json({}),
         "matter_type": "filings.filing", "matter_id": str(pk), "published_on": content["valid_from"], "at": MOMENT}
        for pk, content in batch
    ))  # fmt: skip
    plain = [field.attname for field in Entry._meta.concrete_fields if field.attname != "id"]
    copy(Entry, (
        {"id": pk, **{name: _cell(getattr(one.entry, name)) for name in plain}} for pk, one in made
    ))  # fmt: skip
    copy(Offer, (
        {"id": pk * SCOPE + n, "entry_id": pk, "occupation": offer.occupation, "levels": offer.levels}
        for pk, one in made for n, offer in enumerate(one.offers)
    ))  # fmt: skip
    copy(Locality, (
        {"id": pk, "entry_id": pk, "area": one.localities[0].area} for pk, one in made
    ))  # fmt: skip


def _cell(value: object) -> object:
    return _json(value) if isinstance(value, dict | list) else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
