"""Asking a real web process over HTTP, which may die or be cut off meanwhile."""

import json
import secrets
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.test import Client

from core.accounts import tokens
from core.clock.clock import today
from tests.processes import Running
from tests.world import World

TIMEOUT = 30  # seconds


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_open = build_opener(_Stay).open


@dataclass(frozen=True)
class Answer:
    """What came back; status 0, and why, where nothing did."""

    status: int
    text: str = ""
    headers: Message | None = None

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    def says_when_to_try_again(self) -> bool:
        """Whether it is the answer to an outage: 503, with a sentence for people or a problem for machines."""
        if self.status != 503 or self.headers is None or not self.headers["Retry-After"]:
            return False
        if self.headers["Content-Type"].startswith("application/problem+json"):
            return bool(self.json["status"] == 503 and (self.json.get("reasons") or "再试" in self.json["detail"]))
        return "请一分钟后" in self.text


@dataclass(frozen=True)
class Person:
    """Somebody who asks: by a browser's cookies for pages, by a token for the API."""

    token: str
    cookies: str

    @classmethod
    def signed_in(cls, world: World, who: str) -> "Person":
        """Sign somebody of the world in, who may decide."""
        _, token = tokens.create("样例", actor=world.actor(who, today()), on=today(), decides=True)
        browser = Client()
        browser.force_login(world.people[who].user)
        return cls(token, f"sessionid={browser.cookies['sessionid'].value}")


def ask(
    web: Running,
    path: str,
    *,
    who: Person | None = None,
    method: str = "GET",
    key: str = "",
    form: dict[str, str | bytes] | None = None,
    by_script: bool = False,
) -> Answer:
    """Ask for a page, or the API (below /api/). form: what is sent, as multipart; bytes are files. key: the API's
    Idempotency-Key."""
    headers, body = {}, None
    csrf = secrets.token_hex(16)
    api = path.startswith("/api/")
    if form is not None:
        fields = form if api else {"csrfmiddlewaretoken": csrf, **form}
        body, headers["Content-Type"] = multipart(fields)
    elif method != "GET":
        body, headers["Content-Type"] = b"{}", "application/json"
    if key:
        headers["Idempotency-Key"] = key
    if api and who:
        headers["Authorization"] = f"Token {who.token}"
    elif not api:
        headers |= {"HX-Request": "true"} if by_script else {}
        headers["Cookie"] = "; ".join(filter(None, (who.cookies if who else "", f"csrftoken={csrf}")))
    try:
        with _open(Request(web.address + path, data=body, headers=headers, method=method), timeout=TIMEOUT) as answer:
            return Answer(answer.status, answer.read().decode(errors="replace"), answer.headers)
    except HTTPError as other:
        return Answer(other.code, other.read().decode(errors="replace"), other.headers)
    except (URLError, HTTPException, OSError) as problem:
        return Answer(0, repr(problem))


def multipart(fields: dict[str, str | bytes]) -> tuple[bytes, str]:
    """Return a multipart body and its content type."""
    boundary = secrets.token_hex(16)
    parts = []
    for name, value in fields.items():
        named = f'form-data; name="{name}"' + ('; filename="a.pdf"' if isinstance(value, bytes) else "")
        media = "\r\nContent-Type: application/pdf" if isinstance(value, bytes) else ""
        content = value if isinstance(value, bytes) else value.encode()
        head = f"--{boundary}\r\nContent-Disposition: {named}{media}\r\n\r\n"
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
