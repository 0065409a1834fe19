"""`python manage.py ready`: what stands before each process's start, and in a container's health check."""

from argparse import ArgumentParser
from typing import Any

from django.core import checks
from django.core.management.base import BaseCommand, CommandError

from core.ops import readiness


class Command(BaseCommand):
    """Exit status 1 with one sentence for each thing that is missing or wrong."""

    help = "启动之前：检查部署设置、数据库、Redis 和文件存储。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Before the tables are there, only what is around them can be asked for."""
        parser.add_argument("--before-migrate", action="store_true", help="不看数据库结构")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print nothing where all is well."""
        found = checks.run_checks(include_deployment_checks=True)
        sentences = [str(one) for one in found if one.is_serious()]
        failing = readiness.failing()
        if options["before_migrate"]:
            failing.pop("migrations", None)
        if sentences := [*sentences, *failing.values()]:
            raise CommandError("\n".join(sentences))
