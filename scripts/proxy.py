"""A small TLS proxy before the web process that says what Caddy would say: for looking and trying, not for more."""

from __future__ import annotations

import contextlib
import http.client
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme

HOP_BY_HOP = frozenset({"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length"})
# What only the proxy may say.
OURS = frozenset({"x-forwarded-proto", "x-forwarded-for"})
HOST = "127.0.0.1"


class Forwarding(BaseHTTPRequestHandler):
    """Passes each request on, with the addresses and the scheme as they were."""

    protocol_version = "HTTP/1.1"
    behind: int

    def forward(self) -> None:
        """Ask the web process and give its answer back."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP | OURS}
        headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": self.client_address[0]}
        upstream = http.client.HTTPConnection(HOST, self.behind, timeout=60)
        try:
            upstream.request(self.command, self.path, body or None, headers)
            answer = upstream.getresponse()
            status, content, given = answer.status, answer.read(), answer.getheaders()
        except OSError:
            status, content, given = 502, b"", []
        finally:
            upstream.close()
        self.send_response_only(status)
        for name, value in given:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if status != http.HTTPStatus.NOT_MODIFIED and self.command != "HEAD":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = forward  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """The web process logs each request."""


class Server(ThreadingHTTPServer):
    """Does the handshake in the connection's own thread: a client that is slow with it keeps nobody waiting."""

    daemon_threads = True
    tls: ssl.SSLContext

    def finish_request(self, request: object, client_address: object) -> None:
        with contextlib.suppress(OSError), self.tls.wrap_socket(request, server_side=True) as secured:  # type: ignore[arg-type]
            super().finish_request(secured, client_address)


@contextlib.contextmanager
def proxy(port: int, behind: int) -> Iterator[ssl.SSLContext]:
    """Answer on a loopback port for the web process behind; yield what a client needs to trust the throw-away
    certificate."""
    authority = trustme.CA()
    server = Server((HOST, port), type("Handler", (Forwarding,), {"behind": behind}))
    server.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST, "localhost").configure_cert(server.tls)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield trusting
    finally:
        server.shutdown()
        server.server_close()
