"""The proxy says to the web process what Caddy would say, and gives its answers back as they are."""

import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from scripts.proxy import HOST, proxy
from scripts.servers import free_port

pytestmark = pytest.mark.any_engine


class Behind(BaseHTTPRequestHandler):
    """Answers with what it was sent."""

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = f"{self.command} {self.path} {body.decode()} {self.headers['X-Forwarded-Proto']} {self.headers['Host']}"
        self.send_response(404 if "missing" in self.path else 200)
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.end_headers()
        self.wfile.write(f"{said} {self.headers['X-Forwarded-For']}".encode())

    do_GET = do_POST = answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


def test_requests_and_answers_pass_whole_with_the_scheme_and_the_address_as_they_were():
    web = HTTPServer((HOST, 0), Behind)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    port = free_port()
    with proxy(port, web.server_port) as trusting:
        address = f"https://{HOST}:{port}"

        def ask(path: str, body: bytes | None = None, **headers: str) -> tuple[int, str, list[str]]:
            request = urllib.request.Request(address + path, body, headers)
            try:
                answer = urllib.request.urlopen(request, timeout=10, context=trusting)
            except urllib.error.HTTPError as refused:
                answer = refused
            with answer:
                return answer.status, answer.read().decode(), answer.headers.get_all("Set-Cookie") or []

        said = f"https {HOST}:{port} {HOST}"
        # What a client claims to be is not passed on.
        assert ask("/x?y=1", **{"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "http"}) == (
            200, f"GET /x?y=1  {said}", ["a=1", "b=2"],
        )  # fmt: skip
        assert ask("/x", "名=值".encode())[1] == f"POST /x 名=值 {said}"
        assert ask("/missing")[0] == 404
        web.shutdown()
        web.server_close()
        assert ask("/x")[0] == 502
