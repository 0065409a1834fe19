"""A register read into filings: every line, with every fault of every cell at once. Nothing is stored or looked up
but areas and occupations.

An entry is one agency's filing as JSON:
    {"rows": [2, 3], "code", "name", "credit_code", "area": code, "address", "legal_representative",
     "person_in_charge", "valid_from": "2024-03-01", "valid_until",
     "sites": [{"name", "area": code, "address"}], "scope": [{"occupation": code, "levels": [5, 4], "sites": [name]}]}
What could not be read is "" or missing; there is a fault for it.
"""

import datetime
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from core.reference.models import Area, Occupation
from core.refusals import Reason
from filings.imports import cells
from filings.imports.cells import CellError
from filings.imports.columns import COLUMNS, OF_AGENCY, OF_SITE
from filings.imports.sheet import FORMULA, Line, open_register

# The name of a site at the seat, where the register gives none.
OWN_SITE = "本部"
NAME_LENGTH, ADDRESS_LENGTH, PERSON_LENGTH, SITE_LENGTH = 120, 200, 60, 80

Entry = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row, and what to do. column: its key, "" for the whole row."""

    row: int
    column: str
    text: str

    @property
    def label(self) -> str:
        """The column as the sheet calls it."""
        return COLUMNS[self.column].label if self.column else "整行"

    @property
    def where(self) -> str:
        """第 3 行“等级”."""
        return f"第 {self.row} 行“{self.label}”"

    def reason(self) -> Reason:
        """As a reason against loading."""
        return Reason("line", f"{self.where}：{self.text}", "file", "M12")

    def as_json(self) -> dict[str, Any]:
        """As the import keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class Reading:
    """What a register says."""

    entries: list[Entry]
    faults: list[Fault]
    lines: int
    unknown: list[str]


def read(file: BinaryIO) -> Reading:
    """Read a register. Raises Invalid for a file that holds none (`sheet.open_register`)."""
    sheet = open_register(file)
    reader = _Reader()
    for line in sheet.lines:
        reader.take(line)
    reader.close()
    faults = sorted(set(reader.faults), key=lambda one: (one.row, list(COLUMNS).index(one.column or "code"), one.text))
    return Reading(list(reader.entries.values()), faults, len(sheet.lines), sheet.unknown)


class _Reader:
    """Takes line after line; keeps the entries by filing code, and what was wrong."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.faults: list[Fault] = []
        self.said: dict[str, dict[str, tuple[int, Any]]] = {}
        self.current = ""
        area = cells.Areas(Area.objects.values_list("code", "name"))
        occupation = cells.Occupations(Occupation.objects.values_list("code", "name"))
        self.readers: dict[str, Callable[[Any], Any]] = {
            "code": cells.filing_code,
            "name": cells.words(NAME_LENGTH),
            "credit_code": cells.credit_code,
            "area": area,
            "address": cells.words(ADDRESS_LENGTH),
            "legal_representative": cells.words(PERSON_LENGTH),
            "person_in_charge": cells.words(PERSON_LENGTH),
            "valid_from": cells.day,
            "valid_until": cells.day,
            "occupation": occupation,
            "levels": cells.levels,
            "site": cells.words(SITE_LENGTH),
            "site_area": area,
            "site_address": cells.words(ADDRESS_LENGTH),
        }

    def fault(self, row: int, column: str, text: str) -> None:
        self.faults.append(Fault(row, column, text))

    def value(self, line: Line, column: str) -> Any:
        """What a cell says; None where it is blank, or cannot be read (then with a fault)."""
        if column not in line.cells:
            return None
        try:
            if line.cells[column] is FORMULA:
                raise CellError("这一格是公式，不是内容。请复制后用“粘贴为数值”改成内容。")
            return self.readers[column](line.cells[column])
        except CellError as problem:
            self.fault(line.number, column, str(problem))
            return None

    def take(self, line: Line) -> None:
        """Take a line into the entry of its filing code, or of the line above where it gives none."""
        if "code" in line.cells:
            known, written = self.value(line, "code"), line.cells["code"]
            # A code that cannot be read still holds its lines together.
            self.current = known or f"?{line.number if written is FORMULA else cells.text(written)}"
        elif not self.current:
            self.fault(line.number, "code", "请填写备案编码。")
            self.current = f"?{line.number}"
        code = self.current
        entry = self.entries.setdefault(
            code, {"code": "" if code.startswith("?") else code, "rows": [], "sites": [], "scope": []}
        )
        entry["rows"].append(line.number)
        said = self.said.setdefault(code, {})
        for column in OF_AGENCY:
            self._of_agency(line, column, said)
        self._of_occupation(line, entry)

    def _of_agency(self, line: Line, column: str, said: dict[str, tuple[int, Any]]) -> None:
        if column not in line.cells:
            return
        found = self.value(line, column)
        if column not in said:
            said[column] = (line.number, found)
            return
        first, before = said[column]
        if found is not None and before is not None and found != before:
            text = f"与第 {first} 行的“{_shown(before)}”不一致：同一个备案编码只能是一家机构。请改成一样，或不写。"
            self.fault(line.number, column, text)

    def _of_occupation(self, line: Line, entry: Entry) -> None:
        occupation, levels = self.value(line, "occupation"), self.value(line, "levels")
        for column, text in (("occupation", "请填写职业代码或名称。"), ("levels", "请填写等级，如：五级、四级。")):
            if column not in line.cells:
                self.fault(line.number, column, text)
        site = self._site(line, entry)
        if occupation is None or levels is None or site is None:
            return
        item = next((one for one in entry["scope"] if one["occupation"] == occupation), None)
        if item is None:
            entry["scope"].append({"occupation": occupation, "levels": levels, "sites": [site], "row": line.number})
        elif item["levels"] != levels:
            text = f"与第 {item['row']} 行同一职业的等级不一致：一个职业在各处场地的等级相同。请改成一样。"
            self.fault(line.number, "levels", text)
        elif site in item["sites"]:
            self.fault(line.number, "occupation", f"与前面的行重复：这个职业在“{site}”已经写过。请删掉一行。")
        else:
            item["sites"].append(site)

    def _site(self, line: Line, entry: Entry) -> str | None:
        """The name of the site, kept with its area and address; None where it cannot be read."""
        if not any(column in line.cells for column in OF_SITE):
            self._keep_site(entry, {"name": OWN_SITE, "area": None, "address": None, "row": line.number})
            return OWN_SITE
        name, area, address = (self.value(line, column) for column in OF_SITE)
        if "site" not in line.cells:
            self.fault(line.number, "site", "写了场地的地址或区域的，请写明场地名称。")
        if name is None:
            return None
        self._keep_site(entry, {"name": name, "area": area, "address": address, "row": line.number}, line)
        return str(name)

    def _keep_site(self, entry: Entry, site: dict[str, Any], line: Line | None = None) -> None:
        known = next((one for one in entry["sites"] if one["name"] == site["name"]), None)
        if known is None:
            if line is not None and "site_address" not in line.cells:
                self.fault(line.number, "site_address", "请填写场地地址；场地就在机构注册地址的，场地三列都不写。")
            entry["sites"].append(site)
            return
        for part, column in (("area", "site_area"), ("address", "site_address")):
            if site[part] is not None and site[part] != known[part] and known[part] is not None:
                self.fault(site["row"], column, f"与第 {known['row']} 行的同一处场地不一致。请改成一样，或不写。")
            known[part] = known[part] if known[part] is not None else site[part]

    def close(self) -> None:
        """Fill in what an agency's lines said of it, and name what none of them did; then what must be once."""
        for code, entry in self.entries.items():
            said = self.said[code]
            for column in OF_AGENCY:
                row, found = said.get(column, (0, None))
                entry[column] = found.isoformat() if isinstance(found, datetime.date) else found or ""
                if not row and COLUMNS[column].needed:
                    self.fault(entry["rows"][0], column, f"请填写{COLUMNS[column].label}。")
            for site in entry["sites"]:
                site["area"] = site["area"] or entry["area"]
                site["address"] = site["address"] or entry["address"]
                del site["row"]
            for item in entry["scope"]:
                del item["row"]
            entry["person_in_charge"] = entry["person_in_charge"] or ""
        self._credit_code_once()

    def _credit_code_once(self) -> None:
        first: dict[str, Entry] = {}
        for entry in self.entries.values():
            other = first.setdefault(entry["credit_code"], entry)
            if entry["credit_code"] and other is not entry:
                text = f"与第 {other['rows'][0]} 行的机构相同，备案编码却不同：一家机构只有一个有效备案。请核对。"
                self.fault(entry["rows"][0], "credit_code", text)


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
