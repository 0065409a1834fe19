"""The manual of rules says what the program does."""

from django.core.management import call_command

from desks.rulebook import rulebook


def test_the_committed_rulebook_is_up_to_date():
    call_command("write_rules", check=True)


def test_it_names_the_lapses_of_the_state_machine():
    text = rulebook()
    assert "| 待审核 | 视为受理 | 已受理 | 到期自动 | M10 |" in text
    assert "| 待补正 | 视为放弃 | 视为放弃 | 到期自动 | M10 |" in text
