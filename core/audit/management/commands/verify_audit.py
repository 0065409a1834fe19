"""`python manage.py verify_audit`: names every checkpointed row changed, removed or slipped in."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder

from core.audit.verify import Report, verify
from core.clock.words import moment_in_words


class Command(BaseCommand):
    """Exit status 0 where the trail is whole, 1 with a list where it is not."""

    help = "核对审计记录：列出检查点之后被改动、删除或塞入的记录。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--json`; `--head` once for each head to look for."""
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument("--head", action="append", default=[], help="文书上印的链首，须在检查点之中（可多次）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report."""
        report = verify(options["head"])
        if options["json"]:
            content = {"ok": report.ok, **asdict(report)}
            self.stdout.write(json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False))
        else:
            self._print(report)
        if not report.ok:
            raise SystemExit(1)

    def _print(self, report: Report) -> None:
        for finding in report.findings:
            self.stdout.write(finding.text)
        self.stdout.write(f"已由 {report.checkpoints} 个检查点覆盖 {report.covered} 条；链首 {report.head or '尚无'}。")
        if report.oldest_uncovered:
            self.stdout.write(f"尚未覆盖 {report.uncovered} 条，最早 {moment_in_words(report.oldest_uncovered)}。")
        self.stdout.write("没有发现问题。" if report.ok else f"发现 {len(report.findings)} 处问题。")
