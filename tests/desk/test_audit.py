"""Promises of the audit log: each change with who and when, filtered and as CSV, without private words or secrets."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from amends.desk.limits import set_limits
from amends.desk.models import AuditEntry, Provider, RoleName
from amends.desk.people import person_id, take_role
from tests.desk.made import provider
from tests.desk.office import NOON, Office

pytestmark = pytest.mark.django_db


def entry(at: Provider, what: str, by: str = "system", days: int = 0, **detail: object) -> None:
    AuditEntry.objects.create(provider=at, at=NOON - timedelta(days=days), by=by, what=what, detail=detail)


def test_the_log_names_people_and_narrows_by_what_whom_and_days(office: Office) -> None:
    mia = office.people["manager"]
    set_limits(
        office.provider, {("agent", "credit"): 2000}, by=person_id(mia), by_roles=("manager",), now=NOON
    )
    take_role(mia, office.provider, RoleName.MANAGER, by=person_id(office.people["administrator"]), now=NOON)
    entry(office.provider, "mail switched", days=40, mail="live")
    log = office.visitor("compliance").get(office.at("provider/audit"))
    assert f"{mia.first_name}Limit changedis: £20; on: credit; role: agent; was: none" in log.main
    assert f"Role takenperson: {mia.first_name}" in log.main, "also of somebody who has left"
    assert "Mail switchedmail" in log.main
    see = office.visitor("auditor")
    narrowed = see.press(log, "Show these", what="limit changed")
    assert ("Limit changedis" in narrowed.main, "Role taken person" in narrowed.main) == (True, False)
    assert "Mail switchedmail" not in see.press(log, "Show these", since="2026-10-20").main
    assert "Limit changedis" not in see.press(log, "Show these", until="2026-10-20").main
    by = see.press(log, "Show these", by=person_id(mia))
    assert ("Limit changedis" in by.main, "Mail switchedmail" in by.main) == (True, False)
    assert "Limit changedis" in see.get(office.at("provider/audit?since=yesterday&what=x")).main


def test_private_words_and_secrets_are_not_in_it(office: Office) -> None:
    entry(office.provider, "private words erased", case="AB-1", why="asked for by Ann Archer")
    AuditEntry.objects.create(
        provider=office.provider, at=NOON, by="7", what="list exported",
        detail={"narrowed to": "handler=Ann+Archer&show=open"},
    )  # fmt: skip
    entry(office.provider, "alarms set", by="cli", to="https://hooks.example.org/services/T0P-S3CRET")
    entry(provider("opus"), "another house’s secret")
    admin = office.visitor("administrator")
    for content in (
        admin.get(office.at("provider/audit")).content, admin.get(office.at("provider/audit/csv")).content,
    ):  # fmt: skip
        said = content.decode()
        assert "handler, show" in said
        assert "hooks.example.org" in said
        for private in ("Archer", "S3CRET", "another house"):
            assert private not in said


def test_the_csv_has_every_entry_in_order_and_is_harmless_and_taking_it_is_an_entry(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amends.desk.views.exported.AT_ONCE", 2)
    monkeypatch.setattr("amends.desk.views.audit.LINES", 2)
    AuditEntry.objects.all().delete()
    for n in range(5):
        entry(office.provider, "=1+1", days=n // 2, n=n)
    see = office.visitor("auditor")
    file = see.client.get(office.at("provider/audit/csv?what=%3D1%2B1")).getvalue()
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    assert [row[3] for row in rows[1:]] == ["n: 1", "n: 0", "n: 3", "n: 2", "n: 4"]
    assert {row[2] for row in rows[1:]} == {"'=1+1"}
    assert AuditEntry.objects.get(what="list exported").by == person_id(office.people["auditor"])
    page, seen = see.get(office.at("provider/audit?what=%3D1%2B1")), []
    while True:
        seen += [" ".join(td.text_content().split()) for td in page.doc.xpath("//tbody/tr/td[3]")]
        onward = [a for a in page.links if "from=" in a]
        if not onward:
            break
        page = see.get(office.at("provider/audit") + onward[0])
    assert [words[-1] for words in seen] == list("10324")


def test_days_sums_schemes_people_and_fingerprints_are_said_in_words(office: Office) -> None:
    hana = office.people["handler"]
    entry(office.provider, "scheme recorded", scheme="communications-ombudsman", since="2024-01-01")
    entry(office.provider, "outage ended", outage=1, until="2026-11-04T11:37:28+00:00")
    entry(office.provider, "money handed over", batch=8, pence=4899, sha256="ad3d0408ac76" + "0" * 52)
    filled = {"role": "Operations Director", "is": [person_id(hana)], "was": []}
    for what, detail in (
        ("role of the code filled", filled),
        ("list exported", {"list": "people", "narrowed to": ""}),
    ):
        AuditEntry.objects.create(provider=office.provider, at=NOON, by="7", what=what, detail=detail)
    entry(office.provider, "letterhead set", logo="", position=1)
    see = office.visitor("compliance")
    log = see.get(office.at("provider/audit")).main
    for said in (
        "scheme: Communications Ombudsman; since: Monday 1 January 2024",
        "until: Wednesday 4 November 2026, 11:37 am",
        "sum: £48.99; fingerprint (SHA-256): ad3d0408ac76…",
        f"is: {hana.first_name}; role: Operations Director; was: none",
        "Letterhead setposition: 1",
        "List exportedlist: people",
    ):
        assert said in log
    whole = see.get(office.at("provider/audit/csv")).content.decode()
    assert "ad3d0408ac76" + "0" * 52 in whole, "who takes the list away can compare every letter"


@pytest.mark.parametrize(
    "said", ["2026-13-45", "2026-13-45T25:61Z", "0001-01-01T00:00+14:00", "９９９９-９９-９９"]
)
def test_what_only_looks_like_a_day_is_shown_as_it_was_written(office: Office, said: str) -> None:
    """People name keys and lists as they like: none of it keeps the log from being read."""
    entry(office.provider, "key of the book made", key=said)
    log = office.visitor("auditor").get(office.at("provider/audit"))
    assert said in log.main
