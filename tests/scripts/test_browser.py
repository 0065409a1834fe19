"""The browser fixtures see what they are there to see."""

import pytest

from tests.browsing import Watch, barriers

pytestmark = pytest.mark.browser


def test_axe_finds_a_barrier(page):
    page.set_content("<html lang='zh'><title>t</title><main><img src='data:,'><h1>标题</h1></main></html>")
    assert [line for line in barriers(page) if line.startswith("image-alt")]


def test_a_script_error_and_a_foreign_request_are_seen(browser):
    page = browser.new_page()
    watch = Watch(page, "http://127.0.0.1:1")
    page.route("**/*", lambda route: route.abort())
    page.set_content("<img src='http://127.0.0.2/x.png'><script>throw new Error('broken')</script>")
    page.wait_for_timeout(200)
    assert len(watch.faults) == 2
    page.close()
