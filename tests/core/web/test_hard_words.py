"""The texts that break layouts, and the living page's samples written in them."""

import unicodedata

from core.refusals import Reason
from core.web.hard_words import LONG, SCRIPT, TEXTS, hardened
from core.web.samples import context
from tests.world import DAY


def test_they_are_what_they_are_said_to_be():
    assert len(LONG) == 60
    every = "".join(TEXTS)
    assert any(unicodedata.bidirectional(one) == "AL" for one in every)
    assert any(ord(one) > 0x20000 for one in every), "ancient characters"
    assert any(unicodedata.combining(one) for one in every)
    assert {text[0] for text in TEXTS} >= set("=+-@<")


def test_texts_are_replaced_and_keys_are_not():
    reason = Reason("incomplete", "需补正", "materials.site", "M8(3)")
    made = hardened({"state": "ok", "url": "#", "label": "机构", "reasons": [reason], "pair": ("有效", "good")})
    assert (made["state"], made["url"]) == ("ok", "#")
    assert made["label"] == LONG
    assert made["reasons"] == [Reason("incomplete", SCRIPT, "materials.site", "M8(3)")]
    assert made["pair"] == ("有效", "good")


def test_nothing_of_the_living_page_is_left_as_it_was():
    plain, hard = context(DAY), hardened(context(DAY))
    assert hard.keys() == plain.keys()
    assert {fact["term"] for fact in hard["facts"]} <= set(TEXTS)
    assert {row["name"] for page in hard["pages"] for row in page.items} <= set(TEXTS)
