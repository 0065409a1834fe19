"""What stands in the files: the declared fields and nothing else, held to the schema, the same bytes each time."""

import io
import zipfile

import pytest

from core.clock.clock import now
from core.publications import register
from core.publications.models import Publication
from registry.open_data import editions
from registry.open_data.datasets import DATASETS
from registry.open_data.files import FORMATS
from registry.open_data.models import Edition
from tests.registry.open_data.packages import tables
from tests.registry.telling import tell
from tests.world import DAY

pytestmark = pytest.mark.django_db

# Nobody's: what must never leave.
SECRET = "410503199901019999"


def everything(edition: Edition) -> dict[str, bytes]:
    return {one.name: one.file.open().read() for one in edition.files.all()}


def plain(name: str, data: bytes) -> bytes:
    if not name.endswith(".xlsx"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return b"\n".join(book.read(part) for part in book.namelist())


def publish_lists(application) -> None:
    item = {"occupation": "6-18-02-04", "name": "焊工", "since": "2026-01-01", "until": None, "source": "目录"}
    content = {"items": [item, {**item, "occupation": "6-31-01-03", "name": "电工", "until": "2026-02-01"}]}
    register.publish("urgent", key="u", title="急需紧缺目录", content=content, matter=application, on=DAY)


def test_what_a_stranger_reads_is_what_is_published_and_fits_the_schema(application, publish_agency, client, today):
    publish_agency(2, '=HYPERLINK("x")', valid_from="2022-01-01", valid_until="2025-01-01", address='甲"路\n1,号')
    publish_agency(3, "丙校", state="terminated", ended_on=DAY.isoformat())
    publish_lists(application)
    editions.make(DAY, now())
    found = tables(client)
    agencies = found["agencies-json"]
    assert [(row["name"], row["status"]) for row in agencies] == [
        ("文峰区甲职业培训学校", "valid"), ('=HYPERLINK("x")', "expired"), ("丙校", "terminated"),
    ]  # fmt: skip
    assert found["agencies-csv"][1]["name"] == '\'=HYPERLINK("x")'  # no formula
    assert {row["as_of"] for rows in found.values() for row in rows if "as_of" in row} == {DAY}
    # The three formats say the same, but for the quote.
    for dataset in DATASETS:
        by_title = [{c.name: row[c.title] for c in dataset.columns} for row in found[f"{dataset.name}-xlsx"]]
        as_json = found[f"{dataset.name}-json"]
        unquoted = [
            {k: v.lstrip("'") if isinstance(v, str) else v for k, v in r.items()} for r in found[f"{dataset.name}-csv"]
        ]
        assert [{k: v or None for k, v in row.items()} for row in by_title] == [
            {k: v or None for k, v in row.items()} for row in as_json
        ]
        assert unquoted == as_json
    levels = found["scope-json"][0]
    assert [levels[f"level_{level}"] for level in (5, 4, 3, 2, 1)] == [True, True, True, False, False]
    assert [row["occupation"] for row in found["urgent-json"]] == ["6-18-02-04"]
    welding = next(row for row in found["places-json"] if (row["occupation"], row["area"]) == ("6-18-02-04", "市区"))
    assert (welding["taken"], welding["free"], welding["urgent"]) == (1, welding["cap"] - 1, True)
    assert len(found["announcements-json"]) == 4
    holiday = next(row for row in found["calendar-json"] if str(row["date"]) == "2026-10-01")
    assert (holiday["workday"], holiday["kind"]) == (False, "节假日")


def test_nothing_but_the_declared_fields_leaves(world, application, republish):
    """A record that holds more than it may, at any depth, by whatever way it came there."""
    republish(DAY)
    tell(world)

    def stained(value):
        if isinstance(value, dict):
            return {key: stained(one) for key, one in value.items()} | {"id_number": SECRET, "phone": SECRET}
        return [stained(one) for one in value] if isinstance(value, list) else value

    for row in Publication.objects.all():
        Publication.objects.filter(pk=row.pk).update(content=stained(row.content), withdrawn_reason=SECRET)
    files = everything(editions.make(DAY, now()))
    assert "文峰区甲职业培训学校".encode() in files["agencies.csv"]
    assert all(data.count(b"\n") > 1 for name, data in files.items() if name.endswith(".csv"))
    for name, data in files.items():
        assert SECRET.encode() not in plain(name, data), name


def test_the_same_content_gives_the_same_bytes(application, publish_agency, monkeypatch):
    publish_agency(2, "乙校")
    first, second = everything(editions.make(DAY, now())), everything(editions.make(DAY, now()))
    assert len(first) == len(DATASETS) * len(FORMATS) + 1
    assert first == second
    publish_agency(3, "丙校")
    third = everything(editions.make(DAY, now()))
    changed = {name for name in first if first[name] != third[name]}
    assert {"agencies.xlsx", "agencies.csv", "scope.json", "datapackage.json"} <= changed
    assert not changed & {"calendar.csv", "calendar.xlsx", "urgent.json"}


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(application, publish_agency, monkeypatch):
    from python_calamine import CalamineWorkbook

    from registry.open_data import files
    from registry.open_data.filings import AGENCIES

    monkeypatch.setattr(files, "SHEET_ROWS", 2)
    for serial in (2, 3):
        publish_agency(serial, f"第{serial}校")
    book = CalamineWorkbook.from_filelike(files._xlsx(AGENCIES, AGENCIES.cells(DAY)))
    sheets = [[row[1] for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names[:2]]
    assert sheets == [["机构名称", "文峰区甲职业培训学校", "第2校"], ["机构名称", "第3校"]]
    assert book.sheet_names == ["备案机构", "备案机构2", "字段说明"]
