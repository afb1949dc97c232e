"""Rows of a case are compared before they are written: what stands already is left, what is wrong is set right."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from amends.core import facts as f
from amends.core.calendar import LONDON
from amends.desk import owing, quick, tallies
from amends.desk.models import CaseRow, CaseTally, DutyRow, PromiseTally
from amends.desk.refold import refold
from tests.desk.made import MONDAY, case, days, provider, tell

pytestmark = pytest.mark.django_db

COLUMNS = ("provider_id", *tallies.OF_PROMISE)


@pytest.fixture
def row() -> CaseRow:
    return case(provider())


def lines(row: CaseRow) -> list[quick.Line]:
    return list(PromiseTally.objects.filter(case=row).order_by("id").values_list(*COLUMNS))


def ordered(found: list[quick.Line]) -> list[quick.Line]:
    return sorted(found, key=str)


def ids(row: CaseRow) -> list[int]:
    return list(PromiseTally.objects.filter(case=row).order_by("id").values_list("id", flat=True))


def written(row: CaseRow, wanted: list[quick.Line], fresh: frozenset[int] = frozenset()) -> int:
    """Have these lines stand; how many statements wrote something."""
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        quick.keep(PromiseTally, COLUMNS, {row.pk: wanted}, fresh)
    return sum("INSERT" in q["sql"] or "DELETE" in q["sql"] for q in asked)


def test_what_stands_already_is_not_written_again(row: CaseRow) -> None:
    before = ids(row)
    assert len(before) > 2
    assert written(row, lines(row)) == 0
    assert ids(row) == before


def test_only_the_line_that_changed_is_replaced(row: CaseRow) -> None:
    before, wanted = ids(row), lines(row)
    changed = (*wanted[0][:-1], not wanted[0][-1])
    written(row, [changed, *wanted[1:]])
    assert ordered(lines(row)) == ordered([changed, *wanted[1:]])
    assert set(before[1:]) < set(ids(row))


def test_a_line_is_taken_away_where_it_stands_twice_and_put_where_it_is_missing(row: CaseRow) -> None:
    wanted = lines(row)
    PromiseTally.objects.create(case=row, **dict(zip(COLUMNS, wanted[0], strict=True)))
    PromiseTally.objects.filter(pk=ids(row)[1]).delete()
    written(row, wanted)
    assert ordered(lines(row)) == ordered(wanted)


def test_a_moment_is_the_same_in_whatever_zone_it_is_given(row: CaseRow) -> None:
    there = lines(row)
    moved = [tuple(v.astimezone(LONDON) if isinstance(v, datetime) else v for v in line) for line in there]
    assert written(row, moved) == 0
    tick = timedelta(microseconds=1)
    later = [tuple(v + tick if isinstance(v, datetime) else v for v in line) for line in there]
    assert written(row, later) > 0
    assert ordered(lines(row)) == ordered(later)


def test_a_case_alone_is_touched(row: CaseRow) -> None:
    other = case(row.provider)
    there = lines(other)
    written(row, [])
    assert lines(row) == []
    assert lines(other) == there


def test_columns_left_out_are_a_mistake_of_ours(row: CaseRow) -> None:
    with pytest.raises(AssertionError, match="stopped"):
        quick.keep(PromiseTally, COLUMNS[:-1], {row.pk: []})


def test_a_tally_that_is_missing_or_there_comes_to_be_one_row(row: CaseRow) -> None:
    CaseTally.objects.all().delete()
    for day in (1, 2):
        tell(row, MONDAY + days(day), f.Categorised, category="line", cause="rain")
    assert CaseTally.objects.count() == 1
    assert refold(check=True, now=MONDAY).wrong == []
    assert {owing.told(d)[0] for d in DutyRow.objects.all()} == {row.provider_id}
