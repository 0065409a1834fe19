"""A real mail server on the loopback address, which can be told to refuse."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from scripts.servers import free_port


class MailServer:
    """What arrived: by Message-ID, how often, and to whom. `refusing`: answered with 451, as a busy server does."""

    def __init__(self) -> None:
        self.refusing = False
        self.refused = 0
        self.arrived: Counter[str] = Counter()
        self.addressed: dict[str, str] = {}
        self.port = free_port()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refusing:
            self.refused += 1
            return "451 Try again later"
        name = message_from_bytes(envelope.content)["Message-ID"]
        self.arrived[name] += 1
        self.addressed[name] = ",".join(envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server on a free loopback port."""
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()
