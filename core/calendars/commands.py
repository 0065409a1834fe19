"""A management command that refuses in a Chinese sentence and with exit status 2, argparse's own refusals included."""

import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

NONSENSE = 2


class SentenceCommand(BaseCommand):
    """`usage_sentence` says how the command is written."""

    usage_sentence = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Build Django's parser; what it cannot read is answered with the usage."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = lambda message: self.refuse(self.usage_sentence)  # type: ignore[method-assign]
        return parser

    def refuse(self, sentence: str) -> NoReturn:
        """End with the sentence and status 2; a caller in Python gets CommandError."""
        if getattr(self, "_called_from_command_line", False):
            self.stderr.write(sentence)
            sys.exit(NONSENSE)
        raise CommandError(sentence, returncode=NONSENSE)
