"""How words are laid out to be found."""

from pypinyin.constants import PINYIN_DICT

from registry.folding import Sounded, sound


def test_no_two_syllables_share_a_sign():
    """Every reading that the library has of a single character, and what stands for itself."""
    spoken = {one for code in PINYIN_DICT for one in sound(chr(code)).syllables} | set(
        "0123456789abcdefghijklmnopqrstuvwxyz?"
    )
    found: dict[str, set[str]] = {}
    for syllable in spoken:
        found.setdefault(Sounded((syllable,)).signs, set()).add(syllable)
    assert {sign: alike for sign, alike in found.items() if len(alike) > 1} == {}
    assert len(found) > 400
