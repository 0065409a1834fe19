"""A file with a virus is not kept, nor one that could not be scanned; on a real clamd that knows one signature."""

import io
import socket
import threading

import pytest
from django.conf import settings as configured

from core.documents import scanning
from core.documents.models import Upload
from core.refusals import Invalid, Unavailable
from scripts.servers import free_port
from tests.conftest import VIRUS
from tests.core.documents import files
from tests.core.documents.test_uploads import take

# It is the same whatever the database is.
pytestmark = pytest.mark.any_engine


def infected_pdf() -> bytes:
    def change(pdf) -> None:
        pdf.docinfo["/Keywords"] = VIRUS.decode()

    return files.changed_pdf(change)


def test_what_the_scanner_knows_is_refused_by_name_and_nothing_of_it_stays(house, virus_scanner, tmp_path):
    assert take(house).version == 1
    # The scanner looks into archives: within a DOCX it is compressed.
    for data, name in ((infected_pdf(), "材料.pdf"), (files.docx(word__media=VIRUS * 50), "材料.docx")):
        assert (VIRUS in data) == name.endswith("pdf")
        with pytest.raises(Invalid, match=r"病毒（Portal\.Test") as refused:
            take(house, data, name)
        assert refused.value.reasons[0].code == "virus"
        assert refused.value.reasons[0].field == "file"
    assert Upload.objects.count() == 1
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1
    assert take(house).version == 2


def test_without_a_scanner_everything_passes(house):
    assert configured.VIRUS_SCANNER is None
    assert take(house, infected_pdf()).version == 1


def test_what_is_too_large_for_the_scanner_is_not_taken_for_clean(virus_scanner):
    with pytest.raises(Unavailable):
        scanning.scan(io.BytesIO(bytes(31 * 1024 * 1024)))


def test_nothing_is_taken_where_no_scanner_answers(house, settings):
    settings.VIRUS_SCANNER = ("127.0.0.1", free_port())
    with pytest.raises(Unavailable, match="没有收下") as refused:
        take(house)
    assert refused.value.reasons[0].code == "not_scanned"
    assert not Upload.objects.exists()


@pytest.mark.parametrize("answer", [b"", b"stream: what? ERROR\n", b"OK\n"])
def test_an_answer_that_is_neither_yes_nor_no_is_none(settings, answer):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.VIRUS_SCANNER = server.getsockname()

        def speak() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(answer)

        speaking = threading.Thread(target=speak)
        speaking.start()
        with pytest.raises(Unavailable):
            scanning.scan(io.BytesIO(files.pdf()))
        speaking.join()
