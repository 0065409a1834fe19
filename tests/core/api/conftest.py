"""The small world and its callers, as in the API tests of filings; limits forgotten between tests."""

import pytest
from django.core.cache import cache

from tests.filings.api.conftest import call, world  # noqa: F401


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    """Rate limits live in the cache, which outlives a test's transaction."""
    cache.clear()
