"""A desk with believable cases, somebody signed in to it, and the addresses to ask for."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amends.bench.ground import database
from amends.bench.pages import Asked
from amends.desk import index_counts
from amends.desk.models import CaseRow, Provider, Role, RoleName
from amends.desk.seeding import believable, made_up_provider
from amends.desk.seeding.cast import LAST

HOST = "127.0.0.1"


def seed(cases: int) -> tuple[float, int]:
    """Seed so many cases; how many seconds it took, and how many of them are open."""
    now, begun = datetime.now(UTC), time.perf_counter()
    sown = believable(made_up_provider(now), cases, now=now)
    return time.perf_counter() - begun, cases - sown.states.get("closed", 0)


def prepare(asks: int) -> Asked:
    """Sign a manager in, choose pages by chance, and count the queries of a few of each kind."""
    provider = made_up_provider(datetime.now(UTC))
    # What autovacuum does by itself within minutes, and on SQLite the worker every night.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    index_counts.count()
    client = Client(headers={"host": HOST})
    client.force_login(
        User.objects.get(roles__in=Role.objects.filter(provider=provider, role=RoleName.MANAGER))
    )
    pages = _pages(provider, asks)
    queries = {name: max(_queries(client, page) for page in kind[:10]) for name, kind in pages.items()}
    return Asked(database(), client.cookies["sessionid"].value, pages, queries)


def _pages(provider: Provider, asks: int) -> dict[str, list[str]]:
    draw, root = Random(asks), f"/desk/{provider.pk}/"  # noqa: S311 - draws pages to look at
    ids = list(CaseRow.objects.filter(provider=provider).values_list("pk", flat=True))
    rows = list(CaseRow.objects.filter(pk__in=[draw.choice(ids) for _ in range(min(asks, 500))]))
    said: tuple[Callable[[CaseRow], str], ...] = (
        lambda row: row.customer_email,
        lambda row: row.postcode.replace(" ", "+"),
        lambda row: row.customer_name.replace(" ", "+"),
        lambda row: row.account,
        lambda _row: draw.choice(LAST),
    )
    return {
        "queue": [f"{root}?whose=team"] * asks,
        "list": [f"{root}cases"] * asks,
        "search": [f"{root}cases?find={said[n % len(said)](rows[n % len(rows)])}" for n in range(asks)],
        "case": [f"{root}cases/{draw.choice(rows).reference}" for _ in range(asks)],
    }


def _queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(page)
    assert answer.status_code == 200, f"{page}: {answer.status_code}"
    return len(asked)
