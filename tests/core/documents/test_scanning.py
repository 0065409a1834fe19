"""A file with a virus is not kept, nor one that could not be scanned; on a real clamd that knows one signature."""

import datetime
import io
import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from django.conf import settings as configured

from core.documents import scanning, uploads
from core.documents.formats import MAX_UNPACKED
from core.documents.models import Upload
from core.ops import figures
from core.refusals import Invalid, Unavailable
from regulation.settings import SETTINGS
from scripts.servers import CLAMD_CONF, free_port
from tests.conftest import VIRUS
from tests.core.documents import files
from tests.core.documents.test_uploads import DAY, take

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
    with pytest.raises(Invalid, match="做不完") as refused:
        scanning.scan(io.BytesIO(bytes(211 * 1024 * 1024)))
    assert refused.value.reasons[0].code == "not_scannable"


def test_a_virus_behind_much_of_nothing_is_found(virus_scanner):
    """As much as the portal lets a file unpack to: within its own limits the scanner looks to the end."""
    padding = bytes(MAX_UNPACKED - 1024 * 1024)
    with pytest.raises(Invalid, match=r"病毒（Portal\.Test"):
        scanning.scan(io.BytesIO(files.docx(word__media=padding + VIRUS)))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\n", "做不完"),
        (b"stream: Portal.Test FOUND\n", "病毒"),
        (b"INSTREAM size limit exceeded. ERROR\n", "做不完"),
    ],
)
def test_what_it_says_before_the_end_is_heard(settings, answer, said):
    with speaking(settings, [answer]), pytest.raises(Invalid, match=said):
        scanning.scan(io.BytesIO(bytes(20 * 1024 * 1024)))


def test_a_scanner_that_has_no_time_is_asked_again_later(settings):
    with speaking(settings, [b"stream: Heuristics.Limits.Exceeded.MaxScanTime FOUND\n"]), pytest.raises(Unavailable):
        scanning.scan(io.BytesIO(files.pdf()))


def test_the_largest_file_that_may_be_allowed_is_scanned():
    limits = dict(line.split() for line in CLAMD_CONF.read_text().splitlines() if line and not line.startswith("#"))
    megabytes = {name: int(value[:-1]) for name, value in limits.items() if value.endswith("M")}
    assert megabytes["StreamMaxLength"] > SETTINGS["upload_max_mb"].maximum
    assert megabytes["MaxFileSize"] * 2**20 > MAX_UNPACKED
    assert int(limits["MaxScanTime"]) / 1000 < scanning.ANSWER_WITHIN


def test_what_is_no_file_of_ours_is_refused_in_its_slots_words_without_the_scanner(house, settings):
    settings.VIRUS_SCANNER = ("127.0.0.1", free_port())
    for data, code in ((b"nothing", "unknown_format"), (files.docx(word__media=bytes(30_000_000)), "zip_bomb")):
        with pytest.raises(Invalid) as refused:
            uploads.receive(
                files.as_upload(data), matter=house.agency, slot="profile", actor=house.clerk, on=DAY, formats=("pdf",)
            )
        assert refused.value.reasons[0].code == code
        assert "DOCX" not in refused.value.reasons[0].text


def test_clean_is_no_answer_before_the_end(settings):
    with speaking(settings, [b"stream: OK\n"]), pytest.raises(Unavailable):
        scanning.scan(io.BytesIO(bytes(20 * 1024 * 1024)))


def test_a_scanner_that_answers_letter_by_letter_is_waited_for_no_longer_than_said(settings, monkeypatch):
    monkeypatch.setattr(scanning, "ANSWER_WITHIN", 0.5)
    with speaking(settings, [b"s"] * 100, every=0.1), pytest.raises(Unavailable):
        begun = time.monotonic()
        scanning.scan(io.BytesIO(files.pdf()))
    assert time.monotonic() - begun < 5


def test_a_scanner_that_says_nothing_keeps_nobody_from_the_figures(settings, monkeypatch):
    monkeypatch.setattr(scanning, "VERSION_WITHIN", 0.3)
    with speaking(settings, [], every=5):
        assert figures.scanner() == ""


def test_a_file_is_asked_about_once(house, settings, monkeypatch):
    asked = []
    settings.VIRUS_SCANNER = ("127.0.0.1", 1)
    monkeypatch.setattr(scanning, "_scanned", lambda file: asked.append(file) or scanning.CLEAN)
    file = files.as_upload(files.pdf())
    uploads.look_at(file, DAY)
    uploads.receive(file, matter=house.agency, slot="profile", actor=house.clerk, on=DAY)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("ClamAV 1.4.6/27345/Sat Nov 15 08:31:02 2025", datetime.datetime(2025, 11, 15, 8, 31, 2, tzinfo=datetime.UTC)),
        ("ClamAV 1.4.6", None),
        ("", None),
    ],
)
def test_the_day_of_the_signatures_is_read(said, made):
    assert scanning.signatures_of(said) == made


def test_nothing_is_taken_where_no_scanner_answers(house, settings):
    settings.VIRUS_SCANNER = ("127.0.0.1", free_port())
    with pytest.raises(Unavailable, match="没有收下") as refused:
        take(house)
    assert refused.value.reasons[0].code == "not_scanned"
    assert not Upload.objects.exists()


@pytest.mark.parametrize("answer", [b"", b"stream: what? ERROR\n", b"OK\n"])
def test_an_answer_that_is_neither_yes_nor_no_is_none(settings, answer):
    with speaking(settings, [answer]), pytest.raises(Unavailable):
        scanning.scan(io.BytesIO(files.pdf()))


@contextmanager
def speaking(settings, answers, *, every=0):
    """A scanner that reads a little, says this, and closes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.VIRUS_SCANNER = server.getsockname()
        over = threading.Event()

        def speak() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.recv(1 << 16)
                for answer in answers:
                    connection.sendall(answer)
                    over.wait(every)
                if not answers:
                    over.wait(every)

        thread = threading.Thread(target=speak)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
