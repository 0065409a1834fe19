"""Papers are made one at a time: their fonts are no thread's own."""

import threading
from concurrent.futures import ThreadPoolExecutor

import weasyprint

from core.documents import rendering


def test_threads_take_turns(monkeypatch):
    inside, most = [], []
    both = threading.Barrier(2)

    def write(*_: object, **__: object) -> bytes:
        inside.append(1)
        most.append(len(inside))
        # A second one that came in would be met here.
        gone = threading.Event()
        gone.wait(0.05)
        inside.pop()
        return b"%PDF"

    def make(_: int) -> bytes:
        both.wait()
        return rendering.pdf("<p>文</p>")

    monkeypatch.setattr(weasyprint.HTML, "write_pdf", write)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(make, range(2))) == [b"%PDF", b"%PDF"]
    assert most == [1, 1]
