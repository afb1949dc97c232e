"""Customers come from a file: looked at first, each row whole or not at all, on after a crash, nothing sent."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
import threading
import time
import tracemalloc
from contextlib import closing
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.desk.erasure import erase_customer
from amends.desk.imports import running
from amends.desk.imports.customers import Customers
from amends.desk.imports.reading import Unreadable, table
from amends.desk.imports.running import Result, Verdict, run
from amends.desk.models import (
    Account,
    CaseRow,
    CustomerChange,
    CustomerRow,
    ImportRun,
    NumberRange,
    Outgoing,
    Provider,
    Service,
)
from amends.desk.ticker import Ticked, make_rounds
from tests.desk.made import provider
from tests.desk.office import NOON, Office
from tests.desk.visitor import Visitor

HEAD = (
    "customer,name,kind,headcount,counted_how,email,phone,address,account,payment_method,service,service_kind,"
    "numbers,starts,minimum_months,price,price_per"
)
ANN = (
    'C1,Ann Archer,home,,,ann@example.org,020 7946 0001,"1 High St\nLeeds ls1 4ap",A1,direct debit,S1,broadband,'
    ",2026-01-15,18,29.99,month"
)
ANN_TOO = "C1,Ann Archer,,,,,,,A1,,S2,line,020 7946 0001,,,,"
BEN = (
    'C2,Bell & Söhne,small business,7,payroll,,,"Low Road, Leeds",A2,card,S3,numbers,020 7946 0100-0199,'
    '15/01/2026,0,"1,019.50",month'
)
THREE = f"{HEAD}\r\n{ANN}\r\n{ANN_TOO}\r\n{BEN}\r\n"


def bring(at: Provider, text: str | bytes, *, dry: bool = False) -> Result:
    raw = text if isinstance(text, bytes) else text.encode()
    return run(at, BytesIO(raw), Customers(at, "test", NOON), dry=dry, by="test", now=NOON)


def whole() -> dict[str, list[dict[str, Any]]]:
    models: tuple[Any, ...] = (CustomerRow, Account, Service, NumberRange, CustomerChange)
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in models}


@pytest.mark.django_db
def test_a_look_writes_nothing_and_says_what_would_happen() -> None:
    at = provider()
    result = bring(at, THREE, dry=True)
    assert [(v.line, v.verdict, v.told) for v in result.samples] == [
        (2, "new", "new customer, new account, new service"), (4, "new", "new service"),
        (5, "new", "new customer, new account, new service"),
    ]  # fmt: skip
    assert not any(whole().values())
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_three_rows_are_two_customers_and_the_same_file_twice_changes_nothing() -> None:
    at = provider()
    assert bring(at, THREE).counts == {"new": 3}
    ann, ben = CustomerRow.objects.order_by("external")
    assert (ann.name, ann.kind, ann.postcode, ann.phone) == (
        "Ann Archer",
        "residential",
        "LS1 4AP",
        "020 7946 0001",
    )
    assert (ben.kind, ben.headcount, ben.counted_how) == ("small-business", 7, "payroll")
    assert sorted(ann.services.values_list("external", "kind", "price_pence")) == [
        ("S1", "broadband", 2999), ("S2", "line", None),
    ]  # fmt: skip
    assert Service.objects.get(external="S3").price_pence == 101_950
    stands = whole()
    assert bring(at, THREE).counts == {"same": 3}
    assert whole() == stands
    assert bring(at, THREE.replace("29.99", "31.99")).counts == {"changed": 1, "same": 2}
    change = CustomerChange.objects.order_by("-id")[0]
    assert change.fields == {"price_pence": [2999, 3199]}


@pytest.mark.django_db
def test_an_import_sends_nothing_and_touches_no_case(office: Office) -> None:
    before = (Outgoing.objects.count(), list(CaseRow.objects.values()))
    bring(office.provider, THREE.replace("ann@example.org", "ANN@example.org"))
    assert (Outgoing.objects.count(), list(CaseRow.objects.values())) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        (",Nobody,,,,,,,,,,,,,,,", "customer", "missing"),
        ("C9,,,,,,,,,,,,,,,,", "name", "a customer has a name"),
        ("C9,X,alien,,,,,,,,,,,,,,", "kind", "is no kind of customer"),
        ("C9,X,small business,7,,,,,,,,,,,,,", "counted_how", "says how it was counted"),
        ("C9,X,,minus,,,,,,,,,,,,,", "headcount", "is no number"),
        ("C9,X,,,,not-an-address,,,,,,,,,,,", "email", "is no email address"),
        ("C9,X,,,,,,,A9,barter,,,,,,,", "payment_method", "is none of"),
        ("C9,X,,,,,,,,cash,,,,,,,", "account", "its number is missing"),
        ("C9,X,,,,,,,A1,,,,,,,,", "account", "gives this account to customer C1"),
        ("C9,X,,,,,,,A9,,S1,line,,,,,", "service", "gives this service to customer C1"),
        ("C9,X,,,,,,,A9,,S9,teleport,,,,,", "service_kind", "is none of"),
        ("C9,X,,,,,,,A9,,S9,line,12345,,,,", "numbers", "12345"),
        ("C9,X,,,,,,,A9,,S9,line,,31/02/2026,,,", "starts", "is no day"),
        ("C9,X,,,,,,,A9,,S9,line,,,18,,", "starts", "runs from the start"),
        ("C9,X,,,,,,,A9,,S9,line,,2026-01-01,999,,", "minimum_months", "is no number from 0"),
        ("C9,X,,,,,,,A9,,S9,line,,,,lots,month", "price", "is no sum"),
        ("C9,X,,,,,,,A9,,S9,line,,,,5.00,", "price_per", "a price is for something"),
        ("C1,Somebody Else,,,,,,,,,,,,,,,", "name", "calls customer C1 otherwise"),
        ("C9,X,,,,,,,,,,,,,,,,one,more", "row", "cells where the head has"),
    ],
)
def test_a_broken_row_is_named_by_line_and_field_and_leaves_nothing_half_done(
    row: str, field: str, said: str
) -> None:
    at = provider()
    text = "\r\n".join((HEAD, ANN.replace("\n", " "), row, BEN, ""))
    for dry in (True, False):
        result = bring(at, text, dry=dry)
        assert result.counts == {"new": 2, "broken": 1}
        (broken,) = result.broken
        assert broken.line == 3
        assert [w.field for w in broken.wrong] == [field]
        assert said in broken.wrong[0].what
    assert sorted(CustomerRow.objects.values_list("external", flat=True)) == ["C1", "C2"]
    assert not Account.objects.filter(number="A9").exists()
    assert not Service.objects.filter(external="S9").exists()


@pytest.mark.django_db
def test_a_customer_of_a_broken_row_is_made_by_the_next_row_that_is_whole() -> None:
    at = provider()
    text = f"{HEAD}\r\nC9,X,,,,,,,A9,,S9,line,,,18,,\r\nC9,X,,,,,,,A9,,S9,line,,,,,\r\n"
    assert bring(at, text).counts == {"broken": 1, "new": 1}
    assert Service.objects.get(external="S9").customer.external == "C9"


@pytest.mark.django_db
def test_a_number_that_nobody_can_dial_is_kept_as_written_with_a_warning() -> None:
    at = provider()
    result = bring(at, f"{HEAD}\nC9,X,,,,,ask for Jo,,,,,,,,,,\n")
    assert result.counts == {"new": 1}
    assert [w.field for w in result.warnings[0].wrong] == ["phone"]
    assert CustomerRow.objects.get().phone == "ask for Jo"


class PowerCut(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_an_import_that_broke_off_goes_on_behind_its_last_row(monkeypatch: pytest.MonkeyPatch) -> None:
    at = provider()
    text = "customer,name\n" + "".join(f"C{n},Name {n}\n" for n in range(450))
    bring_one = Customers.bring
    seen: list[int] = []

    def cut(self: Customers, row: Any) -> Verdict:
        seen.append(row.line)
        if len(seen) == 250:
            raise PowerCut
        return bring_one(self, row)

    monkeypatch.setattr(Customers, "bring", cut)
    with pytest.raises(PowerCut):
        bring(at, text)
    assert CustomerRow.objects.count() == 200
    monkeypatch.undo()
    result = bring(at, text)
    assert (result.skipped, result.counts) == (200, {"new": 250})
    assert CustomerRow.objects.count() == 450
    kept = ImportRun.objects.get()
    assert (kept.done, kept.counts, kept.finished) == (450, {"new": 450}, NOON)


@pytest.mark.django_db(transaction=True)
def test_a_long_import_holds_nothing_between_two_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    at = provider()
    turns: list[float] = []

    def stand_still(seconds: float) -> None:
        assert not connection.in_atomic_block
        turns.append(seconds)

    monkeypatch.setattr(time, "sleep", stand_still)
    for dry in (True, False):
        bring(at, "customer,name\n" + "".join(f"C{n},Name {n}\n" for n in range(450)), dry=dry)
    assert turns == ([running.TURN] * 4 if connection.vendor == "sqlite" else [])


def test_whoever_waits_for_the_one_writer_has_their_turn(tmp_path: Path) -> None:
    """Without the turn they wait until the import ends: SQLite looks again every tenth of a second, and gives up in time."""
    file, parts = tmp_path / "desk.sqlite3", 12
    done: list[int] = []
    begun = threading.Event()

    def importing() -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as writer:
            for part in range(parts):
                writer.execute("BEGIN IMMEDIATE")
                begun.set()
                time.sleep(0.15)
                writer.execute("COMMIT")
                done.append(part)
                running.let_others_write()

    thread = threading.Thread(target=importing)
    with closing(sqlite3.connect(file, isolation_level=None, timeout=20)) as other:
        thread.start()
        begun.wait()
        other.execute("BEGIN IMMEDIATE")
        stood = len(done)
        other.execute("COMMIT")
        thread.join()
    assert stood < parts // 2


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    at = provider()
    assert bring(at, THREE.encode(encoding)).counts == {"new": 3}
    assert CustomerRow.objects.get(external="C2").name == "Bell & Söhne"


@pytest.mark.django_db
def test_semicolons_and_tabs_part_cells_too() -> None:
    at = provider()
    assert bring(at, "customer;name\nC1;Ann, of Leeds\n").counts == {"new": 1}
    assert bring(at, "customer\tname\nC2\tBen\n").counts == {"new": 1}
    assert CustomerRow.objects.get(external="C1").name == "Ann, of Leeds"


@pytest.mark.django_db
def test_what_looks_like_a_formula_stays_words_and_is_disarmed_when_it_leaves() -> None:
    at = provider()
    text = 'customer,name,phone\nC1,"=HYPERLINK(""http://x"",""y"")","=""02079460001"""\n'
    assert bring(at, text).counts == {"new": 1}
    row = CustomerRow.objects.get()
    assert row.name == '=HYPERLINK("http://x","y")'
    assert row.phone == "020 7946 0001"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "names no column"),
        (b"PK\x03\x04 an archive", "Excel"),
        (b"\x81\x8d\x8f customer", "neither UTF-8"),
        (b"customer,name,name\n", "twice"),
        (b"a\x00" * 10, "customer"),
        (("x," * 500).encode(), "columns"),
        (b"name\nAnn\n", "no column is called 'customer'"),
    ],
)
@pytest.mark.django_db
def test_a_file_that_is_no_table_of_customers_is_refused_whole(raw: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        bring(provider(), raw)
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_a_quote_that_nobody_closed_is_named_and_what_stood_before_it_stands() -> None:
    at = provider()
    result = bring(at, 'customer,name\nC1,Ann\nC2,"Ben\nC3,Cy\n')
    assert result.counts == {"new": 1, "broken": 1}
    assert result.broken[0].line == 3
    assert "quote that is not closed" in result.broken[0].wrong[0].what


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_a_table(raw: bytes) -> None:
    try:
        found = table(BytesIO(raw))
    except Unreadable:
        return
    list(found.rows)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cells=st.lists(st.text(max_size=20), min_size=17, max_size=17))
def test_no_row_breaks_an_import(cells: list[str], hostile_house: Provider) -> None:
    out = StringIO()
    csv.writer(out).writerows([HEAD.split(","), cells])
    result = bring(hostile_house, out.getvalue().encode("utf-8", "replace"), dry=True)
    assert result.rows <= 2


@pytest.fixture
def hostile_house() -> Provider:
    return provider()


@pytest.mark.django_db
def test_an_erased_customer_is_not_brought_back() -> None:
    at = provider()
    bring(at, "customer,name\nC1,Ann\n")
    assert erase_customer(CustomerRow.objects.get(), why="her request", by="7", now=NOON) is None
    result = bring(at, "customer,name\nC1,Ann\nC2,Ben\n")
    assert result.counts == {"broken": 1, "new": 1}
    assert "was erased here" in result.broken[0].wrong[0].what
    assert "Ann" not in json.dumps([str(r) for r in CustomerRow.objects.values()])


@pytest.mark.django_db
def test_another_providers_customers_are_not_touched() -> None:
    here, there = provider(), provider("opus")
    bring(there, THREE)
    stands = list(whole()["CustomerRow"])
    assert bring(here, THREE.replace("Ann Archer", "Another Ann")).counts == {"new": 3}
    assert [row for row in whole()["CustomerRow"] if row["provider_id"] == there.pk] == stands


@pytest.mark.django_db
def test_a_hundred_thousand_rows_are_read_in_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    with file.open("w") as out:
        out.write("customer,name,address\n")
        out.writelines(f'C{n},Name {n},"{n} High Street\nLeeds"\n' for n in range(100_000))
    tracemalloc.start()
    try:
        with file.open("rb") as large:
            assert sum(1 for _row in table(large).rows) == 100_000
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10_000_000


@pytest.mark.django_db
def test_a_compliance_officer_looks_first_and_then_brings_them_in(office: Office) -> None:
    officer = office.visitor("compliance")
    page = officer.get(office.at("customers/import"))
    assert officer.press(page, "Look at what it would do").mistakes == ["Choose a file."]
    text = THREE + "C4,,,,,,,,,,,,,,,,\r\n"
    page = officer.press(page, "Look at what it would do", file=SimpleUploadedFile("crm.csv", text.encode()))
    assert page.h1 == "What the file would do"
    assert "name: a customer has a name" in page.main
    assert not CustomerRow.objects.exists()
    page = officer.press(page, "Bring them in")
    assert page.h1 == "Brought in"
    assert CustomerRow.objects.count() == 2
    assert ImportRun.objects.get().content is None
    assert Visitor().signed_in(office.people["agent"]).get(office.at("customers/import")).status == 403


@pytest.mark.django_db
def test_a_file_that_was_only_looked_at_is_let_go_of(office: Office) -> None:
    """It names customers: after a week it is gone, at once when one of this provider is erased, and may come again."""
    officer = office.visitor("compliance")

    def looked_at() -> ImportRun:
        page = officer.get(office.at("customers/import"))
        officer.press(page, "Look at what it would do", file=SimpleUploadedFile("crm.csv", THREE.encode()))
        return ImportRun.objects.get()

    def is_there() -> bool:
        return ImportRun.objects.get().content is not None

    began = looked_at().began
    make_rounds(began + timedelta(days=6), {}, Ticked())
    assert is_there()
    make_rounds(began + timedelta(days=7), {}, Ticked())
    assert not is_there()
    assert looked_at().content is not None, "the same file goes on where it stood"
    ann = CustomerRow.objects.create(provider=office.provider, name="Ann Archer", made=began, changed=began)
    assert erase_customer(ann, why="her request", by="7", now=began) is None
    assert not is_there()


@pytest.mark.django_db
def test_a_file_of_cases_that_broke_off_is_no_file_of_customers(office: Office) -> None:
    digest = hashlib.sha256(THREE.encode()).hexdigest()
    ImportRun.objects.create(provider=office.provider, what="cases", sha256=digest, began=NOON, by="7")
    officer = office.visitor("compliance")
    page = officer.get(office.at("customers/import"))
    page = officer.press(page, "Look at what it would do", file=SimpleUploadedFile("crm.csv", THREE.encode()))
    assert page.h1 == "What the file would do"


@pytest.mark.django_db
def test_the_history_says_that_an_import_brought_it() -> None:
    at = provider()
    bring(at, THREE)
    assert set(CustomerChange.objects.values_list("by", flat=True)) == {"test"}
