"""A list of known passwords that would find none is told of before a deployment starts."""

import hashlib
import random

import pytest

from core.accounts.checks import breached_passwords


def hashes(*passwords: str) -> list[str]:
    return [hashlib.sha1(one.encode()).hexdigest().upper() for one in passwords]


KNOWN = hashes("password", *(f"known-{number}" for number in range(500)))
IN_ORDER = sorted(KNOWN)
BY_FREQUENCY = random.Random(1).sample(IN_ORDER, len(IN_ORDER))


def said_of(settings, path, content: bytes) -> list[str]:
    path.write_bytes(content)
    settings.BREACHED_PASSWORDS = path
    return [one.id for one in breached_passwords(None)]


@pytest.mark.parametrize("line", ["{}\n", "{}\r\n", "{}:38614\n"])
@pytest.mark.parametrize("lines", [IN_ORDER, [one.lower() for one in IN_ORDER], IN_ORDER + ["F" * 40] * 1000])
def test_a_list_in_order_is_taken(settings, tmp_path, lines, line):
    assert not said_of(settings, tmp_path / "list", "".join(line.format(one) for one in lines).encode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        "\n".join(IN_ORDER[:400]).encode(),
        bytes(10_000_000),
        "\n".join(BY_FREQUENCY).encode(),
        "\n\n".join(IN_ORDER).encode(),
        "\n".join(IN_ORDER).encode("utf-16"),
        "\n".join(IN_ORDER).encode("utf-8-sig"),
        "\n".join(one[:32] for one in IN_ORDER).encode(),  # NTLM's are shorter
        "\n".join(sorted(hashes("nothing", "known"))).encode(),
    ],
    ids=[
        "empty",
        "cut short",
        "no lines",
        "by frequency",
        "blank lines",
        "UTF-16",
        "with a mark",
        "NTLM",
        "not a list of passwords",
    ],
)
def test_another_is_an_error(settings, tmp_path, content):
    assert said_of(settings, tmp_path / "list", content) == ["accounts.E001"]


def test_a_list_that_is_gone_is_an_error_too(settings, tmp_path):
    settings.BREACHED_PASSWORDS = tmp_path / "gone"
    assert [one.id for one in breached_passwords(None)] == ["accounts.E001"]


def test_without_a_list_nothing_is_said(settings):
    settings.BREACHED_PASSWORDS = None
    assert breached_passwords(None) == []
