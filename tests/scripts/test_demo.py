"""The demo refuses what would open it to others."""

import socket
from pathlib import Path

import pytest

from scripts import demo
from scripts.demo import DemoRefused, environment, free_port, loopback, only_one


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1"])
def test_loopback_addresses_are_accepted(host: str):
    assert loopback(host) == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "portal.example"])
def test_any_other_address_is_refused(host: str):
    with pytest.raises(DemoRefused, match="本机地址"):
        loopback(host)


def test_production_settings_are_refused(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "anyang_sep.settings.production")
    with pytest.raises(DemoRefused, match="production"):
        environment(tmp_path)


def test_a_taken_port_is_passed_over_or_where_asked_for_refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DemoRefused, match=str(port)):
            free_port("127.0.0.1", str(port))
    assert demo.FIRST_PORT <= free_port("127.0.0.1", "") <= demo.LAST_PORT


def test_two_demos_do_not_share_a_database(tmp_path: Path):
    with only_one(tmp_path), pytest.raises(DemoRefused, match="另一个演示"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass
