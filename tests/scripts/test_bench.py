"""The rows of `make bench` know on which side of their goal they are."""

from dataclasses import asdict

from scripts.bench import Row, table


def test_a_ratio_is_good_at_its_goal_and_bad_beyond():
    assert Row("time", 1.15, 1.15).ok
    assert not Row("time", 1.16, 1.15).ok
    assert Row("rate", 0.25, 0.25, at_least=True).ok
    assert not Row("rate", 0.24, 0.25, at_least=True).ok


def test_a_missed_goal_is_named_in_the_table():
    row = Row("sweep", 0.1, 0.25, at_least=True, details={"ours": 12})
    last = table([{**asdict(row), "ok": row.ok}]).splitlines()[-1]
    assert last.split() == ["MISSED", "0.100", "≥", "0.25", "sweep", "ours", "12"]
