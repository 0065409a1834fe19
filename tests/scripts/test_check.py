"""The check's closing words: nothing that failed, was skipped or could not run passes in silence."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scripts import check
from scripts.check import ROOT, Counts, Outcome, Step, module, perform, pytest_command, read_report, steps, summarise

TESTS = Step("sqlite", "tests on SQLite", marked="not browser")
LINT = Step("lint", "format", ("true",))


@pytest.fixture(autouse=True)
def _not_in_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


def test_all_well(capsys):
    assert summarise([Outcome(LINT, "passed", 1), Outcome(TESTS, "passed", 2, tests=Counts(passed=3))], 3.5)
    assert "4 passed in 3.50s" in capsys.readouterr().out.splitlines()[-1]


def test_a_failed_step_fails_the_run_and_is_counted(capsys):
    assert not summarise([Outcome(LINT, "failed", 1), Outcome(TESTS, "passed", 2, tests=Counts(passed=3))], 3)
    assert "1 failed, 3 passed" in capsys.readouterr().out.splitlines()[-1]


def test_pytest_breaking_down_without_a_failed_test_is_counted(capsys):
    assert not summarise([Outcome(TESTS, "failed", 2, tests=Counts(passed=3))], 3)
    assert "1 failed, 3 passed" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize(
    ("outcome", "named"),
    [
        (Outcome(LINT, "not run", 0, "there is no such program"), "there is no such program"),
        (Outcome(TESTS, "passed", 1, tests=Counts(passed=1, skipped=["tests.x.test_y: why"])), "tests.x.test_y: why"),
    ],
)
def test_what_did_not_run_is_named_and_fails_in_ci(outcome: Outcome, named: str, capsys, monkeypatch):
    assert summarise([outcome], 1)
    assert named in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    assert not summarise([outcome], 1)


def test_what_is_one_process_is_told_whole_when_it_has_ended(capsys):
    outcome = perform(Step("lint", "a step", module("scripts.check", "nothing of the kind")))
    assert (outcome.state, outcome.why) == ("failed", "exit status 2")
    heading, *said = capsys.readouterr().out.strip().splitlines()
    assert heading.startswith("── a step ")
    assert said


def test_a_time_limit_ends_what_runs():
    """SIGTERM while two steps run in threads: their processes end, and so does the whole."""
    script = (
        "import sys, threading; from scripts import check;"
        "check.steps = lambda: [check.Step('lint', name, ('sleep', '60')) for name in ('one', 'two')];"
        "threading.Timer(1, lambda: print('begun', *(one.pid for one in check._running), flush=True)).start();"
        "sys.exit(check.main(['lint']))"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        _, *pids = process.stdout.readline().split()
        process.terminate()
        assert process.wait(20) == 143
    assert len(pids) == 2
    for pid in pids:
        assert not Path(f"/proc/{pid}").exists()


def test_the_steps_that_are_no_tests_go_two_at_a_time_and_before_the_tests(monkeypatch):
    """Each of the two waits until the other has begun; the tests begin when both have ended."""
    both, done = threading.Barrier(2), []

    def performed(step, servers=None):
        if not step.marked:
            both.wait(20)
        done.append(step.name)
        return Outcome(step, "passed", 0, tests=Counts() if step.marked else None)

    monkeypatch.setattr(check, "perform", performed)
    monkeypatch.setattr(check, "steps", lambda: [TESTS, LINT, Step("lint", "lint", ("true",))])
    assert check.main(["lint", "sqlite"]) == 0
    assert done[-1] == TESTS.name
    assert len(done) == 3


def test_a_report_is_read_case_by_case(tmp_path: Path):
    report = tmp_path / "report.xml"
    report.write_text(
        "<testsuites><testsuite>"
        "<testcase classname='a' name='b'/>"
        "<testcase classname='a' name='c'><failure/></testcase>"
        "<testcase classname='a' name='d'><error/></testcase>"
        "<testcase classname='a' name='e'><skipped message='w'/></testcase>"
        "</testsuite></testsuites>"
    )
    assert read_report(report) == Counts(passed=1, failed=2, skipped=["a.e: w"])


MARKERS = ("browser", "jobs", "faults", "postgres_only", "any_engine")


def test_every_marker_is_run_by_some_step_of_make_test():
    selected = [step.marked for step in steps() if step.group != "faults" and step.marked]
    for marker in MARKERS:
        assert any(runs(expression, marker) for expression in selected), marker


def runs(expression: str, marker: str) -> bool:
    return bool(eval(expression, {name: name == marker for name in MARKERS}))


def test_long_faults_have_no_time_limit_per_test():
    *_, faults = [step for step in steps() if step.group == "faults"]
    assert "--timeout=0" in pytest_command(faults, Path("report.xml"))
