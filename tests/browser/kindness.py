"""What the tests of kindness share: a world with long forms, and a hand that fills in and sends any of them."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from core.workflow import proposals
from filings import workflow
from filings.models import Application
from tests.world import DAY, World, accepted, decide, make_world, mark_all, submitted

WORDS = "写了很久的一段话，不想再写第二遍。"
OF_WORDS = "textarea, input:is([type=text], :not([type])):not([autocomplete])"
MARK = re.compile(r"没有送达，也没有丢失")


@dataclass(frozen=True)
class Case:
    """A world with an application under review at the county, and one under assessment at the centre."""

    world: World
    at_county: Application
    at_centre: Application

    def address(self, pattern: str) -> str:
        """`pattern` with what it names: {county}, {centre}, {task}, {proposal}."""
        task = self.at_centre.assessment.tasks.get()
        proposal = proposals.open_for(self.at_county)
        return pattern.format(
            county=self.at_county.pk, centre=self.at_centre.pk, task=task.pk, proposal=proposal and proposal.pk
        )


def make_case() -> Case:
    """Everything at once, so that many forms are looked at in one world."""
    world = make_world()
    at_centre = accepted(world, DAY, "rival admin")
    decide(world, at_centre, "recommend", "county", DAY, positive=True, text="同意推荐")
    handler = world.actor("centre handler")
    workflow.start_assessment(at_centre, actor=handler, on=DAY, methods=["material", "panel"])
    workflow.assign_expert(at_centre, world.people["experts expert"], actor=handler, on=DAY)
    at_county = submitted(world)
    mark_all(world, at_county, bad=("venue",))
    return Case(world, at_county, at_centre)


def form_of(page: Page, button: str) -> Locator:
    """The form that a button sends, and whose long words are to be kept."""
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    there = page.get_by_role("button", name=button, exact=True)
    return page.locator("main form[method=post]", has=there).filter(has=page.locator(OF_WORDS)).last


def fields(form: Locator) -> list[Locator]:
    """Its fields of words, without what is about a person."""
    return form.locator(OF_WORDS).all()


def write(form: Locator) -> list[Locator]:
    """Fill in every field of words; return them."""
    found = fields(form)
    for number, field in enumerate(found):
        field.fill(f"{WORDS}{number}")
    return found


def send(page: Page, form: Locator, button: str) -> None:
    """Press the button, and answer the question where there is one."""
    asks = form.locator("[name=asks]").count()
    form.get_by_role("button", name=button, exact=True).click()
    if asks:
        page.get_by_role("button", name="确定", exact=True).click()


def offer_over(form: Locator) -> Locator:
    """The offer of what was written in a form: it stands right over it."""
    return form.locator("xpath=preceding-sibling::section[contains(@class, 'kept')]")


def restore(page: Page, button: str) -> None:
    """Take up the offer, and find every word again."""
    form = form_of(page, button)
    expect(offer_over(form)).to_contain_text(MARK)
    offer_over(form).get_by_role("button", name="恢复填写").click()
    for number, field in enumerate(fields(form)):
        expect(field).to_have_value(f"{WORDS}{number}")
    expect(offer_over(form)).to_have_count(0)


def kept(page: Page) -> list[str]:
    """What this tab keeps."""
    return page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('kept:'))")
