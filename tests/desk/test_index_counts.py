"""Every night SQLite's indexes are counted, so that a few cases are fetched by their ids and not by a walk along all."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amends.desk.models import CaseRow, Provider
from amends.desk.ticker import tick
from tests.desk.made import ANN, case, london, provider
from tests.desk.plans import steps, steps_as_counted
from tests.desk.test_customer_imports import THREE, bring

pytestmark = pytest.mark.django_db

MORNING, NIGHT = london("2026-11-03 06:00"), london("2026-11-04 02:30")


def six_of_sixty(at: Provider) -> str:
    """The question for a few cases of a provider by their ids, as pages ask it."""
    for number in range(60):
        case(at, MORNING, {**ANN, "email": f"a{number}@example.org"})
    ids = sorted(CaseRow.objects.values_list("pk", flat=True))[::10]
    return str(CaseRow.objects.filter(provider=at, pk__in=ids).query).replace(f"= {at.pk}", f"= '{at.pk}'")


def by_their_ids(plan: list[str]) -> bool:
    return all("INTEGER PRIMARY KEY" in step for step in plan)


def test_after_a_night_a_few_cases_are_fetched_by_their_ids() -> None:
    asked = six_of_sixty(provider())
    tick(MORNING)
    if connection.vendor == "sqlite":
        assert not by_their_ids(steps(asked)), "uncounted, it walks along all of the provider's"
    with CaptureQueriesContext(connection) as said:
        tick(NIGHT)
        tick(london("2026-11-04 05:00"))
    counted = [q["sql"] for q in said.captured_queries if q["sql"] == "ANALYZE"]
    if connection.vendor == "sqlite":
        assert counted == ["ANALYZE"], "once a night"
        assert by_their_ids(steps_as_counted(asked))
    else:
        assert counted == [], "PostgreSQL counts by itself"


def test_what_came_with_a_file_is_counted_at_its_end_and_not_after_a_look() -> None:
    at = provider()
    for dry in (True, False):
        with CaptureQueriesContext(connection) as said:
            assert bring(at, THREE, dry=dry).counts == {"new": 3}
        counted = [q["sql"] for q in said.captured_queries if q["sql"] == "ANALYZE"]
        assert counted == (["ANALYZE"] if connection.vendor == "sqlite" and not dry else [])
