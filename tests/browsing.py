"""Headless Chromium for the browser tests, and axe-core to look for barriers on a page."""

import os
import re
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "var" / "screens"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
EXPECTED = re.compile(r"Failed to load resource|Response Status Error Code (409|422) ")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


# The shell has neither windows nor tabs to draw: three times less work. What it lacks is the viewer of PDF files.
SHELL = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome")


def chromium_path(*, viewer: bool = False) -> str | None:
    """Return the machine's Chromium: CHROMIUM_PATH, else the first of the usual names; None where there is none.
    viewer: rather one that shows PDF files in a page."""
    candidates = (os.environ.get("CHROMIUM_PATH"), *((*WHOLE, SHELL) if viewer else (SHELL, *WHOLE)))
    return next((found for name in candidates if name and (found := shutil.which(name))), None)


def launch(playwright: Playwright, *, viewer: bool = False) -> Browser:
    """Start headless Chromium; raises RuntimeError naming the package where it is missing."""
    path = chromium_path(viewer=viewer)
    if path is None:
        raise RuntimeError(f"there is no Chromium (package {SHELL})")
    return playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))


class Watch:
    """What must not happen on any page: a script error, a policy violation, a request to another host."""

    def __init__(self, page: Page, home: str) -> None:
        self.home = home
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("console", self.on_console)
        page.on("request", self.on_request)

    def on_console(self, message: Any) -> None:
        # A refused action answers 409 or 422, which the browser and htmx report as errors of their own.
        if message.type == "error" and not EXPECTED.match(message.text):
            self.faults.append(f"console: {message.text}")

    def on_request(self, request: Any) -> None:
        if not request.url.startswith((self.home, "data:", "blob:", "about:", "chrome-extension:", "chrome:")):
            self.faults.append(f"request to another host: {request.url}")


def barriers(page: Page, *, leave_out: tuple[str, ...] = ()) -> list[str]:
    """Return axe-core's WCAG 2.2 A and AA findings on the page, one line each; `leave_out` are CSS selectors."""
    page.locator("html").wait_for()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # A button is paler while its form is on the way, and comes back to its colour by and by.
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling')")
    page.evaluate(
        "() => Promise.all(document.getAnimations().filter(a => a.playState === 'running' &&"
        " a.effect.getComputedTiming().iterations < Infinity)"
        ".map(a => a.finished.catch(() => null)))"
    )
    # What stays in sight while one scrolls covers for a moment what passes below it; at the top it covers nothing.
    here = page.evaluate("() => { const here = scrollY; scrollTo(0, 0); return here; }")
    # The frames hold papers, not pages: axe would wait for an answer of a PDF.
    found = page.evaluate(
        "([tags, out]) => axe.run(out.length ? {exclude: out.map(s => [s])} : document,"
        " {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false, iframes: false})",
        [WCAG, list(leave_out)],
    )
    page.evaluate("here => scrollTo(0, here)", here)
    return [
        f"{finding['id']} ({finding['impact']}): {finding['help']} — {node['target'][0]} {node['html'][:120]}"
        for finding in found["violations"]
        for node in finding["nodes"]
    ]


def assert_accessible(page: Page, *, leave_out: tuple[str, ...] = ()) -> None:
    """Fail with every barrier that axe-core finds on the page."""
    found = barriers(page, leave_out=leave_out)
    assert not found, f"{page.url}\n" + "\n".join(found)


def press_and_confirm(page: Page, button: str) -> None:
    """Press a button whose question is a script's, once the scripts are there, and answer it."""
    page.wait_for_load_state()
    page.get_by_role("button", name=button).click()
    page.get_by_role("button", name="确定").click()
