"""The virus scanner hangs, is gone and comes back while files are uploaded: a sentence, no row locked meanwhile, and
nothing kept that it has not seen."""

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.clock.clock import today
from core.documents.models import Upload
from scripts import servers
from tests.conftest import VIRUS
from tests.core.documents.files import changed_pdf
from tests.faults.aftermath import until
from tests.faults.asking import Person, ask
from tests.faults.conftest import faulty
from tests.filings.factories import another_agency, quick_draft
from tests.world import pdf

pytestmark = [pytest.mark.jobs, pytest.mark.faults, pytest.mark.timeout(0)]


def held(port: int) -> bool:
    """Whether anybody has a connection to this port of the loopback."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(state == "01" and remote.endswith(f":{port:04X}") for _, _, remote, state, *_ in lines)


def test_the_scanner_hangs_is_gone_and_comes_back(now_world, processes, mail):
    who = another_agency(now_world, 1)
    application = quick_draft(now_world, who, today())
    person = Person.signed_in(now_world, who)
    path = f"/api/v1/applications/{application.pk}/"
    infected = changed_pdf(lambda one: one.docinfo.__setitem__("/Keywords", VIRUS.decode()))
    with (
        servers.clamd_server(f"Portal.Test:0:*:{VIRUS.hex()}\n") as scanner,
        faulty({**processes.environment, "PORTAL_TEST_SCANNER": scanner.address}, mail, processes.folder) as portal,
        ThreadPoolExecutor(1) as beside,
    ):
        web = portal.start_web()

        def upload(material: str, content: bytes, key: str = ""):
            return ask(web, f"{path}materials/{material}/", who=person, method="PUT", form={"file": content}, key=key)

        def kept() -> int:
            return Upload.objects.filter(matter_id=str(application.pk)).count()

        assert upload("pledge", pdf()).status == 200
        before = kept()
        scanner.process.send_signal(signal.SIGSTOP)
        waiting = beside.submit(upload, "pledge", pdf(), "once")
        until(lambda: held(urlsplit(scanner.address).port), lambda: web.log.read_text()[-2000:])
        # Somebody else goes on with the same matter.
        assert ask(web, path, who=person, method="PATCH").status == 200
        assert not waiting.done()
        scanner.process.send_signal(signal.SIGCONT)
        assert waiting.result().status == 200
        assert kept() == before + 1
        scanner.stop(signal.SIGKILL)
        assert upload("pledge", pdf()).says_when_to_try_again()
        assert kept() == before + 1
        scanner.start()
        answer = upload("pledge", infected)
        assert (answer.status, answer.json["reasons"][0]["code"]) == (422, "virus")
        assert upload("pledge", pdf()).status == 200
        assert kept() == before + 2
