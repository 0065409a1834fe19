"""Demo mode lets anyone sign in as anyone: it starts on this machine alone, and never as production."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from core.accounts.startup import against_demo, is_loopback

DEMO = {
    "DEMO_MODE": True,
    "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]"],
    "PORTAL_ADDRESS": "http://127.0.0.1:8000",
    "SECURE_SSL_REDIRECT": False,
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}},
}


def against(environment=(), **changes):
    return against_demo(SimpleNamespace(**{**DEMO, **changes}), dict(environment))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.0.0.1:8000", True), ("127.3.2.1", True), ("localhost", True), ("[::1]:8000", True),
     ("0.0.0.0", False), ("[::]", False), ("192.168.1.5:8000", False), ("portal.example.gov.cn", False),
     ("*", False), ("", False), ("localhost.evil.test", False)],
)  # fmt: skip
def test_what_is_this_machine_alone(host, loopback):
    assert is_loopback(host) is loopback


def test_the_demo_as_it_is_set_may_start():
    assert against() == []
    assert against({"PORTAL_BIND": "127.0.0.1", "PORTAL_HOST": "[::1]"}) == []


@pytest.mark.parametrize(
    ("environment", "changes"),
    [({"PORTAL_BIND": "0.0.0.0"}, {}), ({"PORTAL_HOST": "192.168.1.5"}, {}), ({}, {"ALLOWED_HOSTS": ["*"]}),
     ({}, {"PORTAL_ADDRESS": "https://portal.example.gov.cn"}), ({}, {"SECURE_SSL_REDIRECT": True}),
     ({"DJANGO_SETTINGS_MODULE": "anyang_sep.settings.production"}, {}),
     ({}, {"DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}}})],
)  # fmt: skip
def test_anything_else_is_refused_with_the_reason(environment, changes):
    assert len(against(environment, **changes)) == 1


def test_other_modes_are_not_asked():
    assert against({"PORTAL_BIND": "0.0.0.0"}, DEMO_MODE=False) == []


def test_the_process_itself_refuses_to_start(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "anyang_sep.settings.demo",
            "PORTAL_BIND": "0.0.0.0",
            "PORTAL_VAR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "演示模式只能在本机地址上运行" in done.stderr
