"""The sync door: a system with a key writes customers by their ids, the same twice is one, and nobody reads through it."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.desk import door_keys
from amends.desk.imports.customers import COLUMNS, Customers
from amends.desk.imports.reading import Row
from amends.desk.models import AuditEntry, CustomerChange, CustomerRow, DoorKey, Provider, Service
from tests.desk.made import provider
from tests.desk.office import NOON

pytestmark = pytest.mark.django_db
BELL = {
    "name": "Bell Bakery", "kind": "small business", "headcount": 7, "counted_how": "payroll of October",
    "accounts": [
        {
            "account": "BB-1", "payment_method": "direct debit",
            "services": [
                {"service": "S9", "service_kind": "numbers", "numbers": "020 7946 0100-0199", "price": 19.5,
                 "price_per": "month"},
                {"service": "S10", "service_kind": "broadband", "starts": "2026-01-15", "minimum_months": 18},
            ],
        }
    ],
}  # fmt: skip


@pytest.fixture
def at() -> Provider:
    return provider()


def key(at: Provider, name: str = "Billing") -> tuple[DoorKey, str]:
    made = door_keys.make_key(at, name, by="7", now=NOON)
    assert isinstance(made, tuple), made
    return made


def put(at: Provider, secret: str, said: Any, external: str = "C1") -> Any:
    body = said if isinstance(said, bytes | str) else json.dumps(said)
    return Client(enforce_csrf_checks=True).put(
        f"/api/v1/{at.pk}/customers/{external}", body, content_type="application/json",
        headers={"authorization": f"Bearer {secret}"},
    )  # fmt: skip


def test_a_customer_is_written_by_its_id_and_the_same_twice_is_one(at: Provider) -> None:
    made, secret = key(at)
    answer = put(at, secret, BELL)
    assert (answer.status_code, answer.json()) == (201, {"customer": "C1", "result": "new", "warnings": []})
    row = CustomerRow.objects.get()
    assert (row.external, row.kind, row.headcount) == ("C1", "small-business", 7)
    assert sorted(Service.objects.values_list("external", "price_pence")) == [("S10", None), ("S9", 1950)]
    count = CustomerChange.objects.count()
    assert (put(at, secret, BELL).status_code, CustomerChange.objects.count()) == (200, count)
    answer = put(at, secret, {"phone": "020 7946 0123", "email": None})
    assert answer.json()["result"] == "changed"
    assert CustomerRow.objects.get().name == "Bell Bakery"
    assert set(CustomerChange.objects.values_list("by", flat=True)) == {"key Billing"}
    assert secret not in str(list(DoorKey.objects.values())) + str(list(AuditEntry.objects.values()))
    made.refresh_from_db()
    assert made.used is not None


def test_whom_somebody_else_writes_in_the_same_moment_is_known_and_changed(
    at: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import or a person wrote the customer between our look and our writing."""
    _, secret = key(at)
    looks, begin = [], Customers.begin

    def look(self: Customers, rows: Sequence[Row]) -> None:
        begin(self, rows)
        looks.append(1)
        if len(looks) == 1:
            CustomerRow.objects.bulk_create(
                [CustomerRow(provider=at, external="C1", name="Bell", made=NOON, changed=NOON)]
            )

    monkeypatch.setattr(Customers, "begin", look)
    answer = put(at, secret, {"name": "Bell Bakery"})
    assert (answer.status_code, answer.json()["result"], len(looks)) == (201, "new", 2)
    assert CustomerRow.objects.get().name == "Bell Bakery"


@pytest.mark.django_db(transaction=True)
def test_systems_that_write_one_customer_at_once_make_one_and_lose_nothing() -> None:
    at = provider()
    keys = [key(at, name)[1] for name in ("Billing", "CRM", "Shop", "Field")]
    said = [{"name": "Bell"}, {"name": "Bell", "phone": "020 7946 0123"}, {"name": "Bell", "email": "b@bell.example"},
            {"name": "Bell", "address": "1 High Street\nHarrogate\nHG1 1AA"}]  # fmt: skip
    answers: list[int] = []
    together = connection.vendor == "postgresql"  # SQLite in memory serves one thread at a time
    start = threading.Barrier(len(said) if together else 1)

    def call(secret: str, values: dict[str, str]) -> None:
        start.wait(10)
        try:
            answers.append(put(at, secret, values).status_code)
        finally:
            if together:
                connections.close_all()

    threads = [threading.Thread(target=call, args=pair) for pair in zip(keys, said, strict=True)]
    if together:
        for each in threads:
            each.start()
        for each in threads:
            each.join(30)
    else:
        for secret, values in zip(keys, said, strict=True):
            call(secret, values)
    assert sorted(answers) == [200, 200, 200, 201]
    row = CustomerRow.objects.get()
    assert (row.phone, row.email, row.postcode) == ("020 7946 0123", "b@bell.example", "HG1 1AA")


def test_what_is_wrong_is_told_by_field_and_nothing_is_written(at: Provider) -> None:
    _, secret = key(at)
    wrong = {
        **BELL,
        "accounts": [{"account": "BB-1", "services": [{"service": "S9", "service_kind": "teleport"}]}],
    }
    answer = put(at, secret, wrong)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [e["field"] for e in answer.json()["errors"]] == ["service_kind"]
    assert not CustomerRow.objects.exists()
    for said, status in (("{", 400), ("[]", 422), ({"shoe_size": 9}, 422), ({"name": ["x"]}, 422), ({"name": "a\0"}, 422),
                         ({"accounts": {}}, 422), (b"\xff\xfe", 400), ("[" * 100_000, 400)):  # fmt: skip
        assert put(at, secret, said).status_code == status, said
    assert not CustomerRow.objects.exists()


def test_a_key_opens_the_door_of_its_own_provider_until_it_is_revoked(at: Provider) -> None:
    made, secret = key(at)
    other = provider("opus")
    for where, with_ in ((other, secret), (at, "amends_guessed"), (at, ""), (at, made.hash)):
        answer = put(where, with_, BELL)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert door_keys.revoke(made, by="7", now=NOON) is None
    assert put(at, secret, BELL).status_code == 401
    assert not CustomerRow.objects.exists()
    assert set(AuditEntry.objects.filter(what__contains="sync door").values_list("what", flat=True)) == {
        "key of the sync door made", "key of the sync door revoked",
    }  # fmt: skip


def test_nothing_can_be_read_and_too_many_calls_wait(at: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    _, secret = key(at)
    put(at, secret, BELL)
    client = Client(headers={"authorization": f"Bearer {secret}"})
    for call in (client.get, client.post, client.delete, client.patch):
        answer = call(f"/api/v1/{at.pk}/customers/C1")
        assert answer.status_code == 405
        assert b"Bell" not in answer.content
    monkeypatch.setattr(door_keys, "MOST", 1)
    answer = put(at, secret, BELL)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    said=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["name", "accounts", "account", "services", "service", "starts"]), inner
            )
        ),
        max_leaves=8,
    )
)
def test_no_json_breaks_the_door(at: Provider, said: Any) -> None:
    secret = door_keys.BEGINS + "hostile"
    DoorKey.objects.get_or_create(
        provider=at, name="hostile", defaults={"hash": door_keys.hashed(secret), "made": NOON, "made_by": "7"}
    )
    assert put(at, secret, said).status_code in (200, 201, 400, 422, 429)


def test_the_openapi_page_names_every_field_and_no_other() -> None:
    page = json.loads(
        (Path(__file__).parents[2] / "docs" / "sync-door.openapi.json").read_text(encoding="utf-8")
    )
    shapes = page["components"]["schemas"]
    named = {name for shape in ("Customer", "Account", "Service") for name in shapes[shape]["properties"]}
    assert named == (set(COLUMNS) - {"customer"}) | {"accounts", "services"}


def test_an_id_that_no_database_takes_is_named_as_such(at: Provider) -> None:
    _, secret = key(at)
    answer = put(at, secret, BELL, "a%00b")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "customer")
    assert not CustomerRow.objects.exists()
