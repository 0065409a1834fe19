"""Write docs/rules.md from the code; --check fails where it is out of date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from desks.rulebook import rulebook


class Command(BaseCommand):
    """`manage.py write_rules [--check]`."""

    help = "从程序生成 docs/rules.md。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--check: compare only."""
        parser.add_argument("--check", action="store_true", help="只比较，不写")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare."""
        path: Path = settings.BASE_DIR / "docs" / "rules.md"
        text = rulebook()
        if options["check"]:
            if not path.exists() or path.read_text() != text:
                raise CommandError("docs/rules.md 与程序不一致：请运行 manage.py write_rules。")
            return
        path.write_text(text)
