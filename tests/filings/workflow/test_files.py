"""The scanner may think for long about a file: no act holds a row meanwhile."""

import ast
from pathlib import Path

import pytest
from django.db import connection

from core.documents import scanning
from core.refusals import Invalid
from filings import workflow
from scripts.setup import ROOT
from tests.conftest import VIRUS
from tests.core.documents import files
from tests.filings.api.calls import caller
from tests.filings.counters import HANDLER
from tests.world import DAY, file, filled_draft, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]

# What the others call, and what looks at its files by itself.
WITHIN = {"take_paper", "receive_material", "register_agency"}


def acts_with_files() -> dict[str, list[str]]:
    """{act: its decorators} of every public function of the workflow that is given a file."""
    found = {}
    for path in sorted((ROOT / "filings" / "workflow").glob("*.py")):
        for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                given = [one.annotation for one in (*node.args.args, *node.args.kwonlyargs)]
                if any(one is not None and ast.unparse(one) in {"File", "File | None"} for one in given):
                    found[node.name] = [ast.unparse(one) for one in node.decorator_list]
    return found


def test_every_act_looks_at_its_files_before_it_begins():
    found = acts_with_files()
    assert set(found) > WITHIN
    assert {act for act, by in found.items() if by[:1] != ["uploads.scanned_first"]} == WITHIN


@pytest.fixture
def depths(settings, monkeypatch) -> list[int]:
    """How deep in transactions each file was scanned; the test itself is in one."""
    found: list[int] = []
    settings.VIRUS_SCANNER = ("127.0.0.1", 1)
    monkeypatch.setattr(scanning, "_scanned", lambda _: found.append(len(connection.savepoint_ids)) or scanning.CLEAN)
    return found


def test_a_material_and_the_papers_of_the_counter_are_scanned_outside_of_transactions(depths, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = make_world()
    draft = filled_draft(world)
    depths.clear()
    outside = len(connection.savepoint_ids)
    workflow.upload_material(draft, "credit", file("营业执照.pdf"), actor=world.actor("agency admin"), on=DAY)
    workflow.register_agency(
        name="安阳市某某培训学校", credit_code="91410500MA40000017", licence=file("证照.pdf"),
        authorisation=file("授权.pdf"), code_confirmed=True, actor=world.actor(HANDLER), on=DAY,
    )  # fmt: skip
    assert depths == [outside] * 3


def test_with_an_idempotency_key_a_file_is_scanned_outside_of_transactions_too(depths, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = make_world()
    draft = filled_draft(world)
    depths.clear()
    outside = len(connection.savepoint_ids)
    caller(world, "agency admin").upload(f"applications/{draft.pk}/materials/credit/", key="once")
    assert depths == [outside]


def test_a_virus_stands_beside_the_paper_that_has_it(virus_scanner, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = make_world()
    infected = files.as_upload(files.changed_pdf(lambda pdf: pdf.docinfo.__setitem__("/Keywords", VIRUS.decode())))
    with pytest.raises(Invalid, match="病毒") as refused:
        workflow.register_agency(
            name="安阳市某某培训学校", credit_code="91410500MA40000017", licence=file("证照.pdf"),
            authorisation=infected, code_confirmed=True, actor=world.actor(HANDLER), on=DAY,
        )  # fmt: skip
    assert [one.field for one in refused.value.reasons] == ["authorisation"]
