"""The parts of the form: together they are the form, each piece once."""

import pytest

from filings import parts
from filings.models import Application
from filings.workflow.draft_rows import ROWS
from regulation.materials import MATERIALS


def test_every_table_and_every_own_field_belongs_to_exactly_one_part():
    assert {part.key for part in parts.PARTS.values() if part.rows} == set(ROWS)
    assert len(set(parts.OWN_FIELDS)) == len(parts.OWN_FIELDS)
    columns = {field.name for field in Application._meta.concrete_fields}
    assert set(parts.OWN_FIELDS) <= columns
    workflows = {
        "id", "number", "kind", "agency", "receiving", "state", "runs", "created_on", "created_at",
        "first_submitted_on", "received_on", "accepted_on", "deemed_accepted", "decided_on",
        "filing", "late", "became_initial_on", "opinion_from", "closed_from",
        "entered_by", "counter_on", "found_on", "found_note",
    }  # fmt: skip
    assert columns - set(parts.OWN_FIELDS) == workflows


def test_a_key_says_whether_it_is_a_material_or_a_part():
    assert not set(parts.PARTS) & set(MATERIALS)
    assert {parts.key_of(parts.named(key)) for key in parts.NAMEABLE} == set(parts.NAMEABLE)


@pytest.mark.parametrize("item", [{}, {"material": "sites"}, {"part": "venue"}, {"material": "venue", "part": "sites"}])
def test_an_item_names_one_thing_that_there_is(item):
    assert parts.key_of(item) == ""


def test_every_part_rests_on_the_conditions_or_the_materials():
    assert {part.citation.article for part in parts.PARTS.values()} == {7, 8}


def test_no_field_of_the_workflow_is_in_a_part():
    assert parts.of_field("area_id") == "agency"
    with pytest.raises(ValueError, match="state"):
        parts.of_field("state")
