"""The catalogue finds the pages and sees what is wrong with them."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import catalogue, walking
from tests.browsing import Watch

PAGE = "<!doctype html><html lang='zh'><head><title>{0}</title></head><body><main><h1>{0}</h1>{1}</main></body></html>"
PAGES = {
    "/": PAGE.format("首页", "<a href='/matters/1/'>一</a> <a href='/list.csv'>表</a> <a href='/api/x/'>口</a>"),
    "/matters/1/": PAGE.format("一", "<p><span class='tag'>待审核</span></p><a href='/matters/2/#x'>二</a>"),
    "/matters/2/": PAGE.format("二", "<p><span class='tag'>待审核</span></p><a href='/matters/3/'>三</a>"),
    "/matters/3/": PAGE.format("三", "<p><span class='tag'>已备案</span></p><a href='/gone/'>无</a>"),
    "/bad/": PAGE.format("坏", "<img src='data:,'><p style='width:900px'>宽</p><script>throw new Error('x')</script>"),
}


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        text = PAGES.get(self.path)
        csv = self.path.endswith(".csv")
        self.send_response(200 if text or csv else 404)
        self.send_header("Content-Type", "text/csv" if csv else "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((text or PAGE.format("没有", "")).encode())

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def home() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}"
        site.shutdown()


@pytest.mark.browser
def test_it_follows_links_and_keeps_one_page_for_each_state(browser, home, monkeypatch):
    monkeypatch.setattr(walking, "named", lambda path: "matter" if path.startswith("/matters/") else path)
    page = browser.new_page(base_url=home)
    page.goto("/")
    found = [(one.path, one.state, one.faults) for one in catalogue.follow(page, home, "公众")]
    page.close()
    assert found == [
        ("/", "", []),
        ("/matters/1/", "待审核", []),
        ("/matters/3/", "已备案", []),
        ("/gone/", "", ["answers 404"]),
    ]


@pytest.mark.browser
def test_it_takes_each_look_and_notes_what_is_wrong(browser, home, tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "CATALOGUE", tmp_path)
    context = browser.new_context(base_url=home)
    context.add_init_script(catalogue.SHIFTS)
    page = context.new_page()
    watch = Watch(page, home)
    shown = catalogue.Shown("公众", "bad-1", "/bad/", "坏", "")
    catalogue.take(page, home, shown, [("light", 1440), ("light", 360)], tmp_path)
    context.close()
    assert set(shown.pictures) == {("light", 1440), ("light", 360)}
    assert all(Path(tmp_path, file).stat().st_size for file in shown.pictures.values())
    assert any(fault.startswith("light 360: ") and fault.endswith("wider than the screen") for fault in shown.faults)
    assert any(fault.startswith("light 1440: image-alt") for fault in shown.faults)
    assert any("script error" in fault for fault in watch.faults)


def test_the_index_shows_every_picture_and_fault_by_visitor():
    page = catalogue.Shown("公众", "home-1", "/", "首页<", "", {("light", 360): "00/home.png"}, ["a <b> fault"])
    text = catalogue.index([page])
    assert "<h2>公众</h2>" in text
    assert 'href="00/home.png"' in text
    assert "首页&lt;" in text
    assert "a &lt;b&gt; fault" in text
