"""The log's lines, and what never stands in one: personal numbers, secrets, links that let their holder in."""

import re
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

STARS: Final = "***"
# A field called so is starred whole.
_SECRET_NAME = re.compile(r"passw|secret|token|authori[sz]ation|cookie|session|api.?key|otp|口令|密码|密钥", re.I)
# Ids of ours, of hexadecimal digits: what looks like a number in them is none.
_IDS: Final = frozenset({"request_id", "task_id", "child_task_id", "parent_task_id", "timestamp"})

_SLASH: Final = "(?:/|%2F)"
_LINK: Final = re.compile(
    rf"({_SLASH}(?:invitations|password{_SLASH}reset{_SLASH}key|subscriptions|unsubscribe){_SLASH})[^/?&%\s\"']+",
    re.IGNORECASE,
)
# What is starred within a text: (what is found, what takes its place).
_HIDDEN: Final = (
    # 18 or 15 digits of an identity card, not of a fraction; \d takes full-width digits too
    (re.compile(r"(?<!\d)(?<!0\.)(?:\d{17}[\dXxＸｘ]|\d{15})(?!\d)"), STARS),
    # a mobile number, plain or in groups
    (re.compile(r"(?<!\d)(?<!0\.)[1１][3-9３-９]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), STARS),
    # links of an invitation or of a new password, also inside another address
    (_LINK, rf"\1{STARS}"),
    # what was looked for, also inside another address
    (re.compile(r"((?:[?&]|%3F|%26)q(?:=|%3D))[^&\s\"']+", re.I), rf"\1{STARS}"),
    # the password within an address
    (re.compile(r"(://[^/\s:@]*:)[^@/\s]+(?=@)"), rf"\1{STARS}"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.I), rf"\1 {STARS}"),
    # name=value, 'name': 'value'
    (
        re.compile(
            r"((?:passw\w*|secret\w*|\w*token|authori[sz]ation|cookie|sessionid|api_?key|otp|口令|密码|密钥)[\"']?\s*[=:：]\s*[\"']?)"
            r"(?!\s|\*\*\*|Bearer|Basic)[^\s&\"',;]+",
            re.I,
        ),
        rf"\1{STARS}",
    ),
)  # fmt: skip


def hidden(text: str) -> str:
    """Return the text with personal numbers and secrets starred."""
    for found, instead in _HIDDEN:
        text = found.sub(instead, text)
    return text


def _clean(value: Any) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, dict):
        return {key: STARS if _SECRET_NAME.search(str(key)) else _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(inner) for inner in value]
    text = str(value)
    starred = hidden(text)
    return value if isinstance(value, int) and starred == text else starred


def hide(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: star what must not be read in a log, in every field, tracebacks included."""
    for key, value in event.items():
        if key not in _IDS:
            event[key] = STARS if _SECRET_NAME.search(key) and value else _clean(value)
    return event


# What every line has, the libraries' own too.
SHARED: Final[list[structlog.typing.Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
]


def formatter(*, as_json: bool = False) -> structlog.stdlib.ProcessorFormatter:
    """Return the one formatter of all lines: JSON in production, else key=value."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event", "logger"])
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            hide,
            renderer,
        ],
    )


def configure() -> None:
    """Let structlog's own lines take the same way as the libraries'."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
