"""`manage.py workdays`: the worked examples, the JSON, and a sentence with status 2 for nonsense."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.calendars.management.commands.workdays import Command, width

pytestmark = pytest.mark.any_engine  # reckoned in Python, of a few rows

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("workdays", *arguments, stdout=out)
    return out.getvalue()


def answer(*arguments: str) -> dict:
    return json.loads(run(*arguments, "--json"))


# DOMAIN.md's worked examples, through the stored calendar.
@pytest.mark.parametrize(
    ("arguments", "end"),
    [
        (("2025-09-28", "5"), "2025-10-11"),
        (("2025-09-05", "30", "--unit", "day"), "2025-10-09"),
        (("2024-02-29", "3", "--unit", "year"), "2027-02-28"),
        (("2026-09-18", "5"), "2026-09-24"),
        (("2026-09-24", "5"), "2026-10-09"),
        (("2026-09-24", "15"), "2026-10-22"),
        (("2025-01-31", "1", "--unit", "month"), "2025-02-28"),
    ],
)
def test_the_worked_examples(seeded, arguments, end):
    assert answer(*arguments)["end"] == end


def test_the_json_has_the_agreed_members(seeded):
    found = answer("2025-09-28", "5")
    assert list(found) == ["start", "amount", "unit", "end", "provisional", "days"]
    assert (found["amount"], found["unit"], found["provisional"]) == (5, "workday", False)
    assert list(found["days"][0]) == ["date", "counted", "why"]
    assert found["days"][0]["why"].startswith("起算日")
    assert [day["date"] for day in found["days"] if day["counted"]] == [
        "2025-09-29",
        "2025-09-30",
        "2025-10-09",
        "2025-10-10",
        "2025-10-11",
    ]
    assert "补班" in found["days"][-1]["why"]


def test_a_year_not_announced_is_provisional(seeded):
    assert answer("2026-12-28", "5")["provisional"] is True
    assert "暂定" in run("2026-12-28", "5")


def test_people_read_an_aligned_table(seeded):
    lines = run("2025-09-28", "5").splitlines()
    assert lines[0].startswith("自 2025-09-28 星期日 起 5个工作日，最后一日 2025-10-11 星期六")
    header = next(line for line in lines if line.startswith("日期"))
    row = next(line for line in lines if line.startswith("2025-10-08"))
    assert width(header[: header.index("说明")]) == width(row[: row.index("国庆节")])


NONSENSE = [
    (("2025-02-30", "5"), "没有 2025-02-30 这一天"),
    (("2025-09-28", "-5"), "负数"),
    (("2003-12-31", "5"), "2004 年至 2100 年"),
    (("2101-01-01", "5"), "2004 年至 2100 年"),
    (("2100-12-30", "5"), "2004 年至 2100 年"),
    (("2025-09-28", "five"), "不是期间长度"),
    (("2025-09-28", "5.5"), "不是期间长度"),
    (("2025-09-28", "9999999"), "不是期间长度"),
    (("20250928", "5"), "不是日期"),
    (("٢٠٢٥-٠٩-٢٨", "5"), "不是日期"),
    (("2025-09-28", "5", "--unit", "week"), "不认识单位"),
    (("2025-09-28",), "写法"),
    (("2025-09-28", "5", "6"), "写法"),
    (("2025-09-28", "5", "--units", "day"), "写法"),
    ((), "写法"),
]


@pytest.mark.parametrize(("arguments", "said"), NONSENSE)
def test_nonsense_gets_a_sentence_and_status_2(db, arguments, said, capsys):
    command = Command(stderr=StringIO())
    command._called_from_command_line = True
    with pytest.raises(SystemExit) as ended:
        options = vars(command.create_parser("manage.py", "workdays").parse_args(list(arguments)))
        command.execute(**options)
    assert ended.value.code == 2
    sentence = command.stderr._out.getvalue().strip()
    assert said in sentence
    assert sentence.count("\n") == 0
    assert not capsys.readouterr().out


def test_a_caller_in_python_gets_an_exception(db):
    with pytest.raises(CommandError, match="这一天") as refused:
        run("2025-02-30", "5")
    assert refused.value.returncode == 2


def test_the_real_command_line_prints_only_the_sentence():
    ended = subprocess.run(
        [sys.executable, "manage.py", "workdays", "2025-02-30", "5"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.strip() == "没有 2025-02-30 这一天，请核对起算日。"


def test_without_a_prepared_database_the_packaged_calendar_answers_and_says_so(tmp_path):
    """No tables: the answer on stdout, where it comes from on stderr, status 0; nonsense still has its sentence."""
    settings = os.environ | {"DJANGO_SETTINGS_MODULE": "anyang_sep.settings.test"}
    empty = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "empty.sqlite3"), "OPTIONS": {}}
    code = (
        "from django.conf import settings\n"
        f"settings.DATABASES['default'] |= {empty!r}\n"
        "from django.core.management import execute_from_command_line as run\n"
        "import sys; run(['manage.py', 'workdays', *sys.argv[1:]])\n"
    )

    def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)

    found = ask("2025-09-28", "5", "--json")
    assert (found.returncode, json.loads(found.stdout)["end"]) == (0, "2025-10-11")
    assert "数据库还没有准备好" in found.stderr
    assert "Traceback" not in found.stderr
    assert ask("2025-02-30", "5").returncode == 2
