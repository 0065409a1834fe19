"""`python manage.py create_administrator NAME EMAIL`: the first administrator; everyone else is invited."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.accounts import services
from core.accounts.actors import system
from core.accounts.models import Organisation, OrganisationKind, Role, User
from core.clock.clock import today


class Command(BaseCommand):
    """Asks for the password twice; it is never an argument."""

    help = "创建系统管理员账号（口令在终端输入）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name and e-mail."""
        parser.add_argument("username", help="登录名")
        parser.add_argument("email", help="邮箱")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account, the operator organisation where there is none, and the position."""
        username = options["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise CommandError("这个登录名已有人使用，请换一个。")
        password = getpass("口令：")
        if password != getpass("再输一次："):
            raise CommandError("两次输入的口令不一样。")
        try:
            validate_password(password, User(username=username, email=options["email"]))
        except ValidationError as error:
            raise CommandError("".join(error.messages)) from None
        on = today()
        with transaction.atomic():
            operator, _ = Organisation.objects.get_or_create(
                kind=OrganisationKind.OPERATOR, defaults={"name": "系统管理"}
            )
            user = User.objects.create_user(username, options["email"], password)
            services.open_position(user, operator, Role.ADMINISTRATOR, actor=system("命令行", on), on=on)
        self.stdout.write(f"已创建系统管理员 {username}。首次登录须开启两步验证。")
