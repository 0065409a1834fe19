"""Runs the portal as in production, for looking and trying (`make production-like`): the Procfile's own commands, a
private PostgreSQL and Redis, production settings, throw-away secrets, TLS before it. Ctrl-C stops all; nothing stays.

    python -m scripts.production_like           an address and an administrator's sign-in are printed
    python -m scripts.production_like --try     come up, answer, stop (a step of `make faults`)
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from scripts import make_secrets
from scripts.proxy import HOST, proxy
from scripts.servers import both_servers, free_port
from scripts.setup import ROOT

COMES_UP_WITHIN = 120  # seconds
ADMINISTRATOR = "administrator"
RUNNING = ("web", "worker", "beat")


class Failed(Exception):
    """It did not come up; the message says what failed."""


def commands() -> dict[str, str]:
    """Return the Procfile's commands by name."""
    return dict(parse_procfile((ROOT / "Procfile").read_text()).processes)


def environment(folder: Path, servers: Mapping[str, str], address: str, web: int, mail: int) -> dict[str, str]:
    """Return the environment of the portal's processes, its secrets made anew."""
    kept = folder / "secrets"
    make_secrets.make(kept)
    named = ("secret_key", "field_keys", "field_hash_key", "metrics_token", "backup_key")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
        **{f"PORTAL_{name.upper()}_FILE": str(kept / name) for name in named},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "DJANGO_SETTINGS_MODULE": "anyang_sep.settings.production",
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        "PYTHONUNBUFFERED": "1",
        "C_FORCE_ROOT": "1",
        "PORTAL_VAR": str(folder),
        "PORTAL_PORT": str(web),
        "PORTAL_HOSTS": HOST,
        "PORTAL_ADDRESS": address,
        "PORTAL_DATABASE_URL": servers["PORTAL_DATABASE_URL"],
        "PORTAL_REDIS_URL": f"{servers['PORTAL_TEST_REDIS']}/0",
        "PORTAL_SMTP_URL": f"smtp://{HOST}:{mail}",
        "PORTAL_MAIL_FROM": "portal@localhost",
        "PORTAL_SIGNING_BUREAU": str(kept / "signing" / "bureau.p12"),
    }


def run(env: Mapping[str, str], *command: str, answers: str = "") -> None:
    """Run one command; raises Failed where it does not end well (it has said why)."""
    done = subprocess.run(
        command, cwd=ROOT, env=dict(env), check=False, text=True, input=answers, start_new_session=True
    )
    if done.returncode:
        raise Failed(f"没有成功：{' '.join(command)[:100]}")


def prepare(env: Mapping[str, str], password: str) -> None:
    """Do what a deployment does before the first start: a signing key, static files, the migrate step, a sign-in."""
    build = {**env, "DJANGO_SETTINGS_MODULE": "anyang_sep.settings.build"}
    key = Path(env["PORTAL_SIGNING_BUREAU"])
    make_key = (
        f"from core.documents.signing import self_signed; self_signed(Path({str(key.parent)!r}), 'bureau', '市局')"
    )
    run(build, sys.executable, "manage.py", "shell", "--no-imports", "-c", f"from pathlib import Path; {make_key}")
    run(build, sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    run(env, "sh", "-c", commands()["migrate"])
    create = ("manage.py", "create_administrator", ADMINISTRATOR, "administrator@localhost")
    # Without a terminal the password is read from what is given.
    run(env, sys.executable, "-W", "ignore", *create, answers=f"{password}\n{password}\n")


def answers(address: str, trusting: ssl.SSLContext) -> bool:
    """Say whether an address answers with 200."""
    try:
        with urllib.request.urlopen(address, timeout=10, context=trusting) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def announce(address: str, trusting: ssl.SSLContext, password: str, came_up: threading.Event) -> None:
    """Wait until it answers, and say where."""
    give_up = time.monotonic() + COMES_UP_WITHIN
    while not answers(f"{address}/readyz", trusting) and time.monotonic() < give_up:
        time.sleep(0.3)
    if time.monotonic() < give_up and answers(address, trusting):
        came_up.set()
        print(f"\n  {address}    管理员 {ADMINISTRATOR}，口令 {password}    (Ctrl-C 停止)\n", flush=True)
    else:
        print(f"\n  {address} 在 {COMES_UP_WITHIN} 秒内没有应答，见上。\n", flush=True)


@contextlib.contextmanager
def everything_around(folder: Path, port: int) -> Iterator[tuple[dict[str, str], str, ssl.SSLContext]]:
    """Run PostgreSQL, Redis, a mail server that keeps what it gets, and the proxy; yield the portal's environment, its
    address, and what to trust."""
    address, web, mail = f"https://{HOST}:{port}", free_port(), free_port()
    with contextlib.ExitStack() as stack:
        servers = stack.enter_context(both_servers())
        mailing = Controller(Mailbox(str(folder / "mail")), hostname=HOST, port=mail)
        mailing.start()
        stack.callback(mailing.stop)
        trusting = stack.enter_context(proxy(port, web))
        yield environment(folder, servers, address, web, mail), address, trusting


def main(arguments: list[str]) -> int:
    """Prepare and run until one stops or Ctrl-C; return an exit status."""
    if arguments not in ([], ["--try"]):
        print(__doc__, file=sys.stderr)
        return 2
    port = int(os.environ.get("PORTAL_PORT") or free_port())
    password, came_up = secrets.token_urlsafe(12), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with (
        tempfile.TemporaryDirectory(prefix="portal-like-", ignore_cleanup_errors=True) as name,
        everything_around(Path(name), port) as (env, address, trusting),
    ):
        try:
            prepare(env, password)
        except Failed as failed:
            print(f"production-like: {failed}", file=sys.stderr)
            return 1
        manager = Manager(Printer(sys.stdout))
        for process in RUNNING:
            manager.add_process(process, commands()[process], env=env, cwd=str(ROOT))

        def watch() -> None:
            announce(address, trusting, password, came_up)
            if arguments:
                os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=watch, daemon=True).start()
        manager.loop()
    if arguments:
        return 0 if came_up.is_set() else 1
    return 0 if manager.returncode in {130, 143} else int(manager.returncode or 0)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
