"""How the portal asks its database server to work."""

import pytest
from django.db import connection


@pytest.mark.postgres_only
@pytest.mark.django_db
def test_no_statement_is_compiled():
    """A count over a hundred thousand applications took five times as long to compile as to run."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
