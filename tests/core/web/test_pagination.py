"""Lists: counts exact to 10,000, pages by number and by key that agree with the order, nonsense in the address."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.http import QueryDict

from core import counting
from core.web.pagination import BoundedPaginator, ListPage, by_key, by_number

pytestmark = pytest.mark.django_db

KEY = ("-app_label", "id")


@pytest.fixture
def rows():
    ContentType.objects.all().delete()
    ContentType.objects.bulk_create(ContentType(app_label=f"a{n % 3}", model=f"m{n}") for n in range(23))
    return ContentType.objects.all()


def walk(rows, *, step: str, start: str | None = None) -> list[ListPage]:
    pages, cursor = [], start
    while True:
        page = by_key(rows, {"cursor": cursor} if cursor else {}, key=KEY, per_page=5)
        pages.append(page)
        cursor = getattr(page, step)
        if cursor is None:
            return pages


def test_keys_go_through_every_row_once_forward_and_back(rows) -> None:
    whole = list(rows.order_by(*KEY))
    forward = walk(rows, step="next_cursor")
    assert [row for page in forward for row in page] == whole
    assert [len(page) for page in forward] == [5, 5, 5, 5, 3]
    backward = walk(rows, step="previous_cursor", start=forward[-1].previous_cursor)
    assert [row for page in reversed(backward) for row in page] == whole[:20]
    assert not forward[0].has_previous
    assert not backward[-1].has_previous
    assert all(page.count == 23 and page.count_exact for page in forward)


def test_a_row_added_meanwhile_moves_no_other_row_between_pages(rows) -> None:
    first = by_key(rows, {}, key=KEY, per_page=5)
    expected = [row.pk for row in rows.order_by(*KEY)[5:10]]
    ContentType.objects.create(app_label="a9", model="new")
    second = by_key(rows, {"cursor": first.next_cursor}, key=KEY, per_page=5)
    assert [row.pk for row in second] == expected


@pytest.mark.parametrize("cursor", ["nonsense", "WzAsImEwIl0", "WzAsbnVsbCwxXQ", "WzAsImEwIiwieCJd", "x" * 600])
def test_a_broken_cursor_gives_the_first_page(rows, cursor: str) -> None:
    assert list(by_key(rows, {"cursor": cursor}, key=KEY, per_page=5)) == list(rows.order_by(*KEY)[:5])


@pytest.mark.parametrize(("asked", "number"), [("2", 2), ("0", 5), ("-3", 5), ("99", 5), ("abc", 1), ("", 1)])
def test_nonsense_page_numbers_give_a_page_that_exists(rows, asked: str, number: int) -> None:
    assert by_number(rows.order_by("id"), QueryDict(f"page={asked}"), per_page=5).number == number


def test_the_count_stops_at_the_limit_and_says_so(rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "EXACT", 10)
    page = by_number(rows.order_by("id"), {}, per_page=5)
    assert (page.count, page.count_exact, page.last_number) == (10, False, 2)
    keyed = by_key(rows, {}, key=KEY, per_page=5)
    assert (keyed.count, keyed.count_exact) == (10, False)


def test_counting_never_reads_past_the_limit(rows, django_assert_num_queries) -> None:
    with django_assert_num_queries(1) as asked:
        assert BoundedPaginator(rows.order_by("id"), 5).count == Paginator(list(range(23)), 5).count
    assert f"LIMIT {counting.EXACT + 1}" in asked.captured_queries[0]["sql"]


def test_page_numbers_near_this_one_with_gaps() -> None:
    page = ListPage(items=(), count=1234, count_exact=True, number=10, last_number=62)
    assert page.numbers == [1, None, 8, 9, 10, 11, 12, None, 62]
    assert ListPage(items=(), count=0, count_exact=True, number=1, last_number=1).numbers == [1]
