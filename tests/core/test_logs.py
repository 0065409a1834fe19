"""No line of a log holds a personal number, a password, or a link that lets its holder in, whoever wrote it."""

import io
import json
import logging
import sys

import pytest
import structlog

from core import logs

pytestmark = pytest.mark.any_engine

ID, OLD_ID, MOBILE = "410502199001011234", "410502900101123", "13812345678"
HIDDEN = [
    f"身份证{ID}。",
    "41050219900101123X",
    "４１０５０２１９９００１０１１２３４",
    OLD_ID,
    f"手机{MOBILE}",
    "138 1234 5678",
    "138-1234-5678",
    "postgresql://portal:hunter22@database/portal",
    "Authorization: Bearer abc.def-123",
    "password=hunter22&next=/",
    "{'password': 'hunter22', 'name': 'x'}",
    "口令：hunter22",
    "GET /invitations/hunter22/",
    "GET /login/?next=%2Faccounts%2Fpassword%2Freset%2Fkey%2Fhunter22",
    "token=hunter22",
    "Cookie: sessionid=hunter22",
    "GET /agencies/?q=hunter22&page=2",
    "GET /accounts/login/?next=%2Fagencies%2F%3Fpage%3D2%26q%3Dhunter22",
]
SHOWN = [
    "2026-11-28T15:52:34.212028Z",
    "备案编码 S000041000001，文号 安人社评〔2026〕12 号",
    "91410500MA0000001X",
    "410,502 rows in 1234567890 ns",
    "GET /agencies/?page=2&level=5",
    "没有设置备份口令",
    "GET /accounts/password/change/",
    "succeeded in 0.032511178300046595s, 0.13812345678 of it waiting",
]


def test_what_is_personal_or_secret_is_starred_and_the_rest_stays():
    for text in HIDDEN:
        said = logs.hidden(text)
        assert logs.STARS in said, text
        assert not {secret for secret in (ID, OLD_ID, MOBILE, "hunter22", "abc.def-123", "5678") if secret in said}, (
            said
        )
    for text in SHOWN:
        assert logs.hidden(text) == text


@pytest.fixture
def lines():
    """What a handler of production writes, line by line; both a structlog logger and a plain one write to it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter(as_json=True))
    root = logging.getLogger("test_logs")
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    root.propagate = False
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


def test_every_line_is_json_with_its_request_and_no_secret(lines):
    plain, ours = logging.getLogger("test_logs.library"), structlog.get_logger("test_logs.portal")
    with structlog.contextvars.bound_contextvars(request_id="13812345678abcdef"):
        plain.warning("No such person: %s", ID)
        ours.info("sent", to=MOBILE, number=int(MOBILE), payload={"api_key": "hunter22", "rows": [ID, 3]}, count=7)
        try:
            raise ValueError(f"{ID} is known")
        except ValueError:
            plain.exception("it failed")
            ours.error("it failed", exc_info=sys.exc_info())
    said = lines()
    assert [line["level"] for line in said] == ["warning", "info", "error", "error"]
    assert {line["request_id"] for line in said} == {"13812345678abcdef"}
    assert all(line["timestamp"] and line["logger"].startswith("test_logs.") for line in said)
    assert said[1] | {"payload": {"api_key": "***", "rows": ["***", 3]}, "count": 7, "to": "***"} == said[1]
    assert all("ValueError" in line["exception"] for line in said[2:])
    text = json.dumps([{**line, "request_id": ""} for line in said])
    assert not any(secret in text for secret in (ID, MOBILE, "hunter22"))
