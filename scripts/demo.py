"""Prepares the demo and runs web, worker and beat together until Ctrl-C (`make demo`).

    python -m scripts.demo           the next free port from 8000 (or the one PORTAL_PORT names)
    python -m scripts.demo --try     in a temporary folder: come up, answer, stop (a step of `make test`)

Loopback only: whoever reaches a demo signs in as anyone with one click.
"""

from __future__ import annotations

import contextlib
import fcntl
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from scripts.setup import ROOT

FIRST_PORT, LAST_PORT = 8000, 8099
ANSWERS_WITHIN = 60  # seconds


class DemoRefused(Exception):
    """The demo does not start; the message says why."""


def free_port(host: str, wanted: str) -> int:
    """Return the port asked for, else the first free one; raises DemoRefused where it is taken."""
    for port in (int(wanted),) if wanted else range(FIRST_PORT, LAST_PORT + 1):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((host, port))
                return port
    raise DemoRefused(
        f"端口 {wanted or f'{FIRST_PORT}–{LAST_PORT}'} 已被占用：请停掉占用它的程序，或用 PORTAL_PORT 另选一个。"
    )


def loopback(host: str) -> str:
    """Return the host unchanged; raises DemoRefused unless it is a loopback address."""
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise DemoRefused(f"演示模式只能在本机地址上运行，不能用 {host}：演示账号一键登录，任何能访问的人都能冒用。")


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the demo's folder; raises DemoRefused where another demo runs in it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoRefused("另一个演示正在运行，共用同一个数据库：请先停掉它。") from None
        yield


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of the demo's processes; raises DemoRefused for production settings or another host."""
    settings = os.environ.get("DJANGO_SETTINGS_MODULE", "anyang_sep.settings.demo")
    if settings != "anyang_sep.settings.demo":
        raise DemoRefused(f"演示模式不能用设置 {settings} 启动：请去掉环境变量 DJANGO_SETTINGS_MODULE。")
    host = loopback(os.environ.get("PORTAL_HOST", "127.0.0.1"))
    port = free_port(host, os.environ.get("PORTAL_PORT", ""))
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "DJANGO_SETTINGS_MODULE": settings,
        "PORTAL_DEMO": "1",
        "PORTAL_VAR": str(folder),
        "PORTAL_HOST": host,
        "PORTAL_PORT": str(port),
        "PORTAL_ADDRESS": f"http://{f'[{host}]' if ':' in host else host}:{port}",
        "PYTHONUNBUFFERED": "1",
        "PORTAL_LOG_LEVEL": os.environ.get("PORTAL_LOG_LEVEL", "WARNING"),
    }


def manage(command: str, env: dict[str, str]) -> None:
    """Run a management command; raises DemoRefused where it fails (it has printed why)."""
    if subprocess.run([sys.executable, "manage.py", command], cwd=ROOT, env=env, check=False).returncode:
        raise DemoRefused(f"manage.py {command} 没有成功，见上。")


def answers(address: str) -> bool:
    """Say whether the home page answers as it should."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def run(env: dict[str, str], *, trying: bool) -> int:
    """Run the processes of Procfile.demo until one stops or Ctrl-C; return an exit status."""
    manager = Manager(Printer(sys.stdout))
    for name, command in parse_procfile((ROOT / "Procfile.demo").read_text()).processes.items():
        manager.add_process(name, command, env=env, cwd=str(ROOT))
    came_up = threading.Event()

    def announce() -> None:
        give_up = time.monotonic() + ANSWERS_WITHIN
        while not answers(env["PORTAL_ADDRESS"]) and time.monotonic() < give_up:
            time.sleep(0.2)
        if time.monotonic() < give_up:
            came_up.set()
            print(f"\n  {env['PORTAL_ADDRESS']}    (Ctrl-C 停止)\n", flush=True)
        else:
            print(f"\n  {env['PORTAL_ADDRESS']} 在 {ANSWERS_WITHIN} 秒内没有应答，见上。\n", flush=True)
        if trying:
            os.kill(os.getpid(), signal.SIGTERM)

    # A closed terminal ends the demo like Ctrl-C; honcho itself only knows SIGINT and SIGTERM.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    threading.Thread(target=announce, daemon=True).start()
    manager.loop()
    if trying:
        return 0 if came_up.is_set() else 1
    stopped_by_hand = manager.returncode in {130, 143}
    return 0 if stopped_by_hand else int(manager.returncode or 0)


def main(arguments: list[str]) -> int:
    """Prepare and run; return an exit status."""
    if arguments not in ([], ["--try"]):
        print(__doc__, file=sys.stderr)
        return 2
    trying = bool(arguments)
    try:
        with contextlib.ExitStack() as stack:
            if trying:
                os.environ.pop("DJANGO_SETTINGS_MODULE", None)
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-demo-")))
            else:
                folder = Path(os.environ.get("PORTAL_VAR", ROOT / "var"))
            stack.enter_context(only_one(folder))
            env = environment(folder)
            manage("demo_prepare", env)
            return run(env, trying=trying)
    except DemoRefused as refused:
        print(f"demo: {refused}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
