"""Filing codes, certificate numbers, occupation codes, levels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation import codes
from regulation.codes import CertificateNumber, CodeError

SERIALS = st.integers(1, 999_999)


def test_examples() -> None:
    assert codes.build_filing_code(5001) == "S000041005001"
    assert codes.parse_filing_code("S000041050001") == 50001
    assert codes.build_certificate_number("S000041050001", 2026, 3, 12) == "S000041050001263000012"
    assert codes.parse_certificate_number("S000041050001263000012") == CertificateNumber("S000041050001", 2026, 3, 12)


@given(SERIALS)
def test_filing_codes_read_back(serial: int) -> None:
    code = codes.build_filing_code(serial)
    assert len(code) == 13
    assert codes.parse_filing_code(code) == serial
    assert codes.is_filing_code(code)


@given(SERIALS, st.integers(2000, 2099), st.integers(1, 5), SERIALS)
def test_certificate_numbers_read_back(agency: int, year: int, level: int, serial: int) -> None:
    parts = CertificateNumber(codes.build_filing_code(agency), year, level, serial)
    assert len(str(parts)) == 22
    assert codes.parse_certificate_number(str(parts)) == parts
    assert codes.is_certificate_number(str(parts))


@pytest.mark.parametrize(
    "code",
    [
        "",
        "S00004105000",
        "S0000410500011",
        "s000041050001",
        "S000141050001",
        "S000042050001",
        "S000041000000",
        "S00004105000A",
        "S000041\uff10\uff150001",
        "S000041050001\n",
    ],
)
def test_what_is_no_filing_code(code: str) -> None:
    assert not codes.is_filing_code(code)
    with pytest.raises(CodeError, match="请核对"):
        codes.parse_filing_code(code)


@pytest.mark.parametrize(
    "number",
    [
        "S000041050001",
        "S000041050001260000012",
        "S000041050001266000012",
        "S000041050001263000000",
        "S000041000000263000012",
        "S0000410500012630000121",
    ],
)
def test_what_is_no_certificate_number(number: str) -> None:
    assert not codes.is_certificate_number(number)
    with pytest.raises(CodeError, match="请核对"):
        codes.parse_certificate_number(number)


@pytest.mark.parametrize("serial", [0, -1, 1_000_000])
def test_serials_have_six_digits(serial: int) -> None:
    with pytest.raises(CodeError, match="序号"):
        codes.build_filing_code(serial)
    with pytest.raises(CodeError, match="序号"):
        codes.build_certificate_number("S000041050001", 2026, 3, serial)


@pytest.mark.parametrize(
    ("year", "level", "says"), [(1999, 3, "年份"), (2100, 3, "年份"), (2026, 0, "等级"), (2026, 6, "等级")]
)
def test_certificates_of_no_year_or_level(year: int, level: int, says: str) -> None:
    with pytest.raises(CodeError, match=says):
        codes.build_certificate_number("S000041050001", year, level, 1)


@pytest.mark.parametrize(
    ("code", "holds"),
    [("6-18-02-04", True), ("4-03-02-01", True), ("6-18-02", False), ("6-18-02-4", False), ("x-18-02-04", False)],
)
def test_occupation_codes(code: str, holds: bool) -> None:
    assert codes.is_occupation_code(code) is holds


def test_levels() -> None:
    assert dict(codes.LEVELS) == {5: "初级工", 4: "中级工", 3: "高级工", 2: "技师", 1: "高级技师"}
    assert codes.level_text(3) == "三级（高级工）"
    with pytest.raises(CodeError, match="1至5"):
        codes.level_text(0)


@pytest.mark.parametrize(
    ("levels", "text"),
    [
        ({5, 4, 3}, "五—三级"),
        ({5, 4, 3, 2, 1}, "五—一级"),
        ({3}, "三级"),
        ({5, 3}, "五级、三级"),
        ({5, 4, 2, 1}, "五—四级、二—一级"),
        ([3, 4, 3], "四—三级"),
    ],
)
def test_level_ranges(levels: set[int], text: str) -> None:
    assert codes.level_range_text(levels) == text


@pytest.mark.parametrize(("levels", "says"), [(set(), "至少选择一个"), ({3, 6}, "现为6"), ({0, 1}, "现为0")])
def test_level_ranges_of_nothing_or_nonsense(levels: set[int], says: str) -> None:
    with pytest.raises(CodeError, match=says):
        codes.level_range_text(levels)
