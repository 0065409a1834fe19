"""Which pages are made alike."""

import pytest

from scripts.walking import named


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/applications/3/", "filings:application"),
        ("/applications/3/draft/people/", "filings:agency-step-people"),
        ("/applications/3/transitions/request_correction/", "filings:transition-request_correction"),
        ("/agencies/S000041000027/", "registry:agency"),
        ("/nowhere/", "/nowhere/"),
    ],
)
def test_words_in_an_address_make_a_page_of_its_own_and_numbers_do_not(path, name):
    assert named(path) == name
