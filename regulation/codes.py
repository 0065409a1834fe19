"""Filing codes, certificate numbers, occupation codes and levels: built, read back and checked."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from regulation.citations import to_chinese

LEVELS: Final[Mapping[int, str]] = MappingProxyType({5: "初级工", 4: "中级工", 3: "高级工", 2: "技师", 1: "高级技师"})

# S: a training and evaluation organisation of society; 0000: filed below national level; 41: Henan.
FILING_PREFIX: Final = "S000041"
LAST_SERIAL: Final = 999_999

_FILING_CODE = re.compile(rf"{FILING_PREFIX}(\d{{6}})", re.ASCII)
_CERTIFICATE = re.compile(rf"({FILING_PREFIX}\d{{6}})(\d{{2}})([1-5])(\d{{6}})", re.ASCII)
_OCCUPATION = re.compile(r"\d-\d{2}-\d{2}-\d{2}", re.ASCII)


class CodeError(ValueError):
    """A code that cannot be, with a Chinese sentence that says why and what to do."""


@dataclass(frozen=True)
class CertificateNumber:
    """The parts of a certificate number: the agency's filing code, the full year, the level, the serial (1 up)."""

    filing_code: str
    year: int
    level: int
    serial: int

    def __post_init__(self) -> None:
        parse_filing_code(self.filing_code)
        if not 2000 <= self.year <= 2099:
            raise CodeError(f"证书年份应在2000至2099之间，现为{self.year}，请核对。")
        if self.level not in LEVELS:
            raise CodeError(f"技能等级应为1至5，现为{self.level}，请核对。")
        _check_serial(self.serial)

    def __str__(self) -> str:
        return f"{self.filing_code}{self.year % 100:02d}{self.level}{self.serial:06d}"


def build_filing_code(serial: int) -> str:
    """The 13-character filing code of a serial that the province has granted (1 to 999,999). Raises CodeError."""
    _check_serial(serial)
    return f"{FILING_PREFIX}{serial:06d}"


def parse_filing_code(code: str) -> int:
    """The serial of a filing code. Raises CodeError unless it is S, 0000, 41 and six digits other than 000000."""
    if not (match := _FILING_CODE.fullmatch(code)):
        raise CodeError(f"“{code}”不是备案编码：应为 {FILING_PREFIX} 加6位数字，共13位，请核对。")
    serial = int(match[1])
    _check_serial(serial)
    return serial


def is_filing_code(code: str) -> bool:
    """Whether the text is a filing code."""
    return _reads(parse_filing_code, code)


def build_certificate_number(filing_code: str, year: int, level: int, serial: int) -> str:
    """The 22-character certificate number. year: 2000 to 2099; level: 5 to 1; serial: 1 to 999,999. CodeError."""
    return str(CertificateNumber(filing_code, year, level, serial))


def parse_certificate_number(number: str) -> CertificateNumber:
    """The parts of a certificate number. Raises CodeError for anything else."""
    if not (match := _CERTIFICATE.fullmatch(number)):
        raise CodeError(f"“{number}”不是证书编号：应为13位备案编码加2位年份、1位等级和6位序号，共22位，请核对。")
    code, year, level, serial = match.groups()
    return CertificateNumber(code, 2000 + int(year), int(level), int(serial))


def is_certificate_number(number: str) -> bool:
    """Whether the text is a certificate number."""
    return _reads(parse_certificate_number, number)


def is_occupation_code(code: str) -> bool:
    """Whether the text is an occupation code such as 6-18-02-04 (whether it exists, the directory says)."""
    return _OCCUPATION.fullmatch(code) is not None


def level_text(level: int) -> str:
    """One level with its name: "三级(高级工)". Raises CodeError."""
    if level not in LEVELS:
        raise CodeError(f"技能等级应为1至5，现为{level}，请核对。")
    return f"{to_chinese(level)}级（{LEVELS[level]}）"


def level_range_text(levels: Collection[int]) -> str:
    """Levels from the lowest skill up, runs joined: {5, 4, 3} is "五—三级", {5, 3} "五级、三级". Raises CodeError."""
    if not levels:
        raise CodeError("请至少选择一个技能等级。")
    if wrong := sorted(set(levels) - LEVELS.keys()):
        raise CodeError(f"技能等级应为1至5，现为{wrong[0]}，请核对。")
    runs: list[list[int]] = []
    for level in sorted(set(levels), reverse=True):
        if runs and runs[-1][-1] == level + 1:
            runs[-1].append(level)
        else:
            runs.append([level])
    return "、".join("—".join(map(to_chinese, dict.fromkeys((run[0], run[-1])))) + "级" for run in runs)


def _check_serial(serial: int) -> None:
    if not 1 <= serial <= LAST_SERIAL:
        raise CodeError(f"序号应在000001至{LAST_SERIAL}之间，现为{serial}，请核对。")


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except CodeError:
        return False
    return True
