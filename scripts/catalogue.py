"""The catalogue of pages: every page of every role in the states the demo tells, as pictures (`make screenshots`).

    python -m scripts.catalogue                    all of it
    python -m scripts.catalogue --quick            light colours on the widest and the narrowest screen only
    python -m scripts.catalogue 市中心经办人 公众    these visitors alone

A portal with demo data is started in a temporary folder. Each visitor is followed from its home along the links of
every page; of pages made alike the first of each telling state is kept, and the first of all without JavaScript too.
Then comes what no link leads to (scripts/telling.py): searches in vain, forms sent empty, and a month later what is
overdue. The pictures come to var/catalogue/ with an index.html, and what is wrong with a page is printed: an answer
that is none, a script error, a barrier that axe-core finds, something wider than the screen, a layout that moves. Exit
status 1 where there is any.
"""

from __future__ import annotations

import html
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from scripts import demo, telling
from scripts.setup import ROOT
from scripts.walking import PUBLIC, Opened, walk
from tests.browsing import Watch, barriers, launch

CATALOGUE = ROOT / "var" / "catalogue"
WIDTHS = (1440, 768, 360)
MODES: dict[str, dict[str, str]] = {"light": {}, "dark": {"theme": "dark"}, "large": {"size": "large"}}
QUICK = [("light", 1440), ("light", 360)]
# Looked at for barriers: both sets of colours, and the large letters on the narrowest screen.
JUDGED = {("light", 1440), ("dark", 1440), ("large", 360)}
BAD = 400  # from this status on an answer is none
MOST_MOVED = 0.05  # cumulative layout shift
BARE = "-bare"
SETTLED = 150  # milliseconds after its load, in which a page fetches its parts
TELLING = "[...document.querySelectorAll('main .tag')].slice(0, 2).map(t => t.textContent)"
LINKS = (
    "[...document.querySelectorAll('a[href]:not([download])')].map(a => new URL(a.getAttribute('href'), location).href)"
)
SHIFTS = """
window.moved = 0;
new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.moved += one.value;
}).observe({type: "layout-shift", buffered: true});
"""
HEAD = """<!doctype html><meta charset="utf-8"><title>页面图册</title><style>
body { font: 14px system-ui; margin: 24px }
figure { display: inline-block; margin: 8px; vertical-align: top; width: 300px }
img { width: 300px; height: 360px; object-fit: cover; object-position: top; border: 1px solid #ccc }
.faults { color: #a00 }
</style>"""


@dataclass
class Shown:
    """A page as one visitor sees it."""

    visitor: str
    name: str
    path: str
    title: str
    state: str
    pictures: dict[tuple[str, int], str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@contextmanager
def portal() -> Iterator[str]:
    """A portal with demo data, in a temporary folder; yields its address."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    with tempfile.TemporaryDirectory(prefix="portal-catalogue-") as folder:
        env = demo.environment(Path(folder))
        os.environ.update(env)
        demo.manage("demo_prepare", env)
        command = parse_procfile((ROOT / "Procfile.demo").read_text()).processes["web"]
        web = subprocess.Popen(["/bin/sh", "-c", f"exec {command}"], cwd=ROOT, env=env, start_new_session=True)
        try:
            give_up = time.monotonic() + demo.ANSWERS_WITHIN
            while not demo.answers(env["PORTAL_ADDRESS"]):
                if time.monotonic() > give_up:
                    raise demo.DemoRefused("没有应答，见上。")
                time.sleep(0.2)
            yield env["PORTAL_ADDRESS"]
        finally:
            os.killpg(web.pid, signal.SIGTERM)
            web.wait()


def visitors(browser: Browser, home: str) -> list[str]:
    """Return the public and everyone that the demo's banner signs in."""
    page = browser.new_page()
    page.goto(home)
    found = page.locator(".demo-accounts button").all_text_contents()
    page.close()
    return [PUBLIC, *found]


def enter(browser: Browser, home: str, visitor: str, *, scripts: bool = True) -> tuple[BrowserContext, Page]:
    """Open the portal as this visitor, with or without JavaScript."""
    context = browser.new_context(
        base_url=home,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.goto("/")
    if visitor != PUBLIC:
        page.locator(".demo-accounts summary").click()
        page.get_by_role("button", name=visitor, exact=True).click()
        page.wait_for_load_state()
    return context, page


def opener(page: Page, home: str) -> Callable[[str], Opened | None]:
    """Return what opens a path in this browser's page."""

    def open_page(path: str) -> Opened | None:
        try:
            answer = page.goto(path)
        except Error:  # a download
            return None
        if answer is None or not answer.headers.get("content-type", "").startswith("text/html"):
            return None
        links = [link.removeprefix(home) for link in page.evaluate(LINKS)]
        return Opened(answer.status, page.title(), page.evaluate(TELLING), links)

    return open_page


def follow(page: Page, home: str, visitor: str, _before: Sequence[Shown] = ()) -> Iterator[Shown]:
    """Yield each page of the walk from where the browser's page is, that page left open."""
    for found in walk(page.url.removeprefix(home), visitor, opener(page, home)):
        shown = Shown(visitor, found.name, found.path, found.opened.title, found.opened.state)
        if found.opened.status >= BAD:
            shown.faults.append(f"answers {found.opened.status}")
        yield shown


def bare(_page: Page, _home: str, visitor: str, before: Sequence[Shown]) -> Iterator[Shown]:
    """Yield, of the pages found before, the first of each kind, to be looked at without JavaScript."""
    for one in before:
        if one.name.endswith("-1"):
            yield Shown(visitor, f"{one.name}{BARE}", one.path, one.title, "没有脚本")


def refused(page: Page, _home: str, visitor: str, before: Sequence[Shown]) -> Iterator[Shown]:
    """Yield, of the pages found before, the searches in vain and the forms that are refused when sent empty."""
    first = [(one.name, one.path) for one in before if one.name.endswith("-1")]
    for name, path in telling.searches(first):
        yield Shown(visitor, name, path, "", "查无")
    if visitor == PUBLIC:
        yield Shown(visitor, "nowhere", telling.NOWHERE, "", "没有的页面")
    for name, path in first:
        if telling.sent_empty(page, path):
            yield Shown(visitor, f"{name}{telling.SENT}", path, page.title(), "没有填写就提交")


def overdue(page: Page, home: str, visitor: str, before: Sequence[Shown]) -> Iterator[Shown]:
    """Yield the desk's home, its queue and its matters as they stand when a month has passed with nothing done."""
    for one in before:
        if one.name in telling.OVERDUE:
            opened = opener(page, home)(one.path)
            if opened is not None and opened.status < BAD:
                yield Shown(visitor, f"{one.name}-later", one.path, opened.title, f"一个月后 {opened.state}")


def move(page: Page, path: str, width: int) -> float:
    """Open a path on a screen of that width; return how far its layout moves (cumulative layout shift)."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path)
    page.wait_for_timeout(SETTLED)
    return float(page.evaluate("window.moved ?? 0"))


def send(page: Page, path: str, width: int) -> float:
    """Open a path on a screen of that width and send its form empty; what the answer moves is not measured."""
    page.set_viewport_size({"width": width, "height": 900})
    telling.sent_empty(page, path)
    return 0.0


def take(
    page: Page,
    home: str,
    shown: Shown,
    looks: list[tuple[str, int]],
    folder: Path,
    reach: Callable[[Page, str, int], float] = move,
) -> None:
    """Take the pictures of a page, and note what is wrong with it. reach: how to come to it on a screen of a width."""
    for mode in dict.fromkeys(mode for mode, _ in looks):
        page.context.clear_cookies(name="theme")
        page.context.clear_cookies(name="size")
        page.context.add_cookies([{"name": n, "value": v, "url": home} for n, v in MODES[mode].items()])
        for number, width in enumerate(width for one, width in looks if one == mode):
            # Loaded anew on each screen once; in other colours and letters the open page is made narrower.
            if number == 0 or mode == looks[0][0]:
                moved = reach(page, shown.path, width)
            else:
                page.set_viewport_size({"width": width, "height": 900})
            look = f"{mode} {width}"
            over = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
            if over > 0:
                shown.faults.append(f"{look}: {over} px wider than the screen")
            if moved > MOST_MOVED:
                shown.faults.append(f"{look}: the layout moves by {moved:.2f}")
            file = folder / f"{shown.name}-{mode}-{width}.png"
            page.screenshot(path=file, full_page=True)
            shown.pictures[mode, width] = str(file.relative_to(CATALOGUE))
            # Without JavaScript no promise is kept, axe's neither: there the page is looked at as it stands.
            if (mode, width) in JUDGED and not shown.name.endswith(BARE):
                shown.faults += [f"{look}: {one}" for one in barriers(page, leave_out=("iframe", "object"))]
    page.set_viewport_size({"width": 1440, "height": 900})


def index(pages: list[Shown]) -> str:
    """Return the pictures as one page, by visitor."""
    parts = [HEAD]
    for visitor in dict.fromkeys(page.visitor for page in pages):
        parts.append(f"<h2>{html.escape(visitor)}</h2>")
        for page in (page for page in pages if page.visitor == visitor):
            said = html.escape(f"{page.title} · {page.state} · {page.path}")
            links = " ".join(f'<a href="{file}">{mode} {width}</a>' for (mode, width), file in page.pictures.items())
            faults = "<br>".join(html.escape(fault) for fault in page.faults)
            first = next(iter(page.pictures.values()), "")
            parts.append(
                f'<figure><a href="{first}"><img loading="lazy" src="{first}" alt=""></a>'
                f'<figcaption>{said}<br>{links}<p class="faults">{faults}</p></figcaption></figure>'
            )
    return "\n".join(parts)


def run(wanted: list[str], looks: list[tuple[str, int]]) -> int:
    """Make the catalogue; return 1 where something is wrong with a page."""
    shutil.rmtree(CATALOGUE, ignore_errors=True)
    pages: list[Shown] = []
    with portal() as home, sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        import django

        django.setup()
        browser = launch(playwright, viewer=True)
        known = visitors(browser, home)
        if unknown := set(wanted) - set(known):
            raise RuntimeError(f"nobody here is called {'、'.join(sorted(unknown))}; there are {'、'.join(known)}")
        asked = [one for one in known if not wanted or one in wanted]
        for number in range(len(asked)):
            (CATALOGUE / f"{number:02}").mkdir(parents=True)
        # One pass after the other: a form sent may change the portal, and time does.
        for states in (follow, bare, refused, overdue):
            if states is overdue:
                telling.pass_a_month()
            for number, visitor in enumerate(asked):
                context, page = enter(browser, home, visitor, scripts=states is not bare)
                camera = context.new_page()
                watch = Watch(camera, home)
                before = [one for one in pages if one.visitor == visitor]
                for shown in states(page, home, visitor, before):
                    reach = send if shown.name.endswith(telling.SENT) else move
                    take(camera, home, shown, looks, CATALOGUE / f"{number:02}", reach)
                    shown.faults += watch.faults
                    watch.faults.clear()
                    pages.append(shown)
                    for fault in shown.faults:
                        print(f"{shown.visitor} {shown.path}: {fault}", flush=True)
                print(f"  {visitor}: {sum(one.visitor == visitor for one in pages)} pages", flush=True)
                context.close()
        browser.close()
    (CATALOGUE / "index.html").write_text(index(pages), encoding="utf-8")
    faults = sum(len(one.faults) for one in pages)
    print(f"{len(pages)} pages, {sum(len(one.pictures) for one in pages)} pictures in {CATALOGUE / 'index.html'}")
    print(f"{faults} faults")
    return 1 if faults else 0


def main(arguments: list[str]) -> int:
    """Make the catalogue, or the part asked for; return an exit status."""
    # Ended from outside, it takes its portal and its folder along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    quick = "--quick" in arguments
    looks: list[Any] = QUICK if quick else [(mode, width) for mode in MODES for width in WIDTHS]
    try:
        return run([one for one in arguments if one != "--quick"], looks)
    except (demo.DemoRefused, RuntimeError) as refused:
        print(f"catalogue: {refused}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
