"""The pasted staff table: read as people write it, every row whole or not at all, with what is wrong in it."""

from filings.staff_table import COLUMNS, read

OCCUPATIONS = {"6-18-02-04": "焊工", "6-31-01-03": "电工"}
HEADINGS = "\t".join(column.label for column in COLUMNS)


def of(*lines: str, there=()):
    return read("\n".join(lines), occupations=OCCUPATIONS, there=there)


def faults(*lines: str, there=()) -> list[tuple[str, ...]]:
    return [row.faults for row in of(*lines, there=there).rows]


def test_rows_under_their_headings_are_read():
    table = of(HEADINGS, "考评人员\t考评员甲\tYS0001\t焊工、电工", "督导员\t督导员甲\t\t")
    assert [row.values for row in table.rows] == [
        {"kind": "assessors", "name": "考评员甲", "certificate": "YS0001", "occupations": list(OCCUPATIONS)},
        {"kind": "supervisors", "name": "督导员甲", "certificate": "", "occupations": []},
    ]
    assert (table.rest, table.unknown) == ("", [])


def test_without_headings_the_columns_stand_in_their_order():
    table = of("专家\t专家甲\tZC-1\t6-31-01-03 电工")
    assert table.rows[0].values == {
        "kind": "experts",
        "name": "专家甲",
        "certificate": "ZC-1",
        "occupations": ["6-31-01-03"],
    }


def test_columns_may_stand_in_another_order_and_what_is_not_used_is_named():
    table = of("序号\t姓名 *\t人员类别\t身份证号", "1\t员工甲\t专职\t11010519491231002X")
    assert table.rows[0].values == {"kind": "staff", "name": "员工甲", "certificate": "", "occupations": []}
    assert table.unknown == ["序号", "身份证号"]


def test_every_fault_of_a_row_is_said_at_once():
    found = faults("考官\t\t1.2E+17\t钳工")
    assert len(found[0]) == 4
    assert "没有“考官”这一类" in found[0][0]
    assert found[0][1] == "姓名：没有填写。"
    assert "末几位已经丢失" in found[0][2]
    assert "不在申请的职业（工种）里：焊工、电工" in found[0][3]


def test_an_identity_number_is_no_certificate():
    assert "这是身份证号" in faults("专家\t专家甲\t11010519491231002X")[0][0]


def test_nobody_is_added_twice():
    line = "考评员\t考评员甲\tYS0001"
    assert faults(line, line) == [(), ("与第 1 行相同。",)]
    assert faults(line, there=[("assessors", "考评员甲", "YS0001")]) == [("已在名单里，不用再添加。",)]


def test_what_was_not_read_is_given_back_with_its_headings_and_reads_the_same():
    table = of(HEADINGS, "考评人员\t考评员甲", "考官\t考评员乙\t\t焊工", "", "专家\t专家甲\t\t\t多出来的")
    assert [row.number for row in table.left] == [2, 3]
    again = of(*table.rest.splitlines())
    assert [row.faults for row in again.rows] == [row.faults for row in table.left]
    assert "多出的格：多出来的" in again.rows[1].faults[0]


def test_a_cell_of_several_lines_is_one_cell_and_an_open_quotation_mark_swallows_nothing():
    assert of('专家\t专家甲\tZC-1\t"焊工\n电工"').rows[0].values["occupations"] == list(OCCUPATIONS)
    assert len(of('专家\t"专家甲\tZC-1', "专家\t专家乙\tZC-2").rows) == 2
