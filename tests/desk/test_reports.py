"""Promises of reports: each figure says how it is counted, and opens exactly the cases that it counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from amends.core import facts as f
from amends.desk import reports
from amends.desk.figures import STANDINGS, TABLES
from amends.desk.filters import behind
from amends.desk.models import AuditEntry, CaseTally, CustomerCount, Provider, Role, RoleName
from amends.desk.people import person_id
from amends.desk.refold import refold
from amends.desk.reports import Period, report
from amends.desk.seeding import believable
from tests.desk.made import MONDAY, case, closed, days, london, provider, tell
from tests.desk.office import NOON, Office

pytestmark = pytest.mark.django_db
LATER = MONDAY + days(28)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def counted(
    at: Provider, table: str, period: Period = NOVEMBER, now: datetime = LATER
) -> dict[str, list[int]]:
    """The figures of a table, by line."""
    found = next(t for t in report(at.pk, period, now).tables if t.id == table)
    return {line.title: [cell.count for cell in line.cells] for line in found.lines}


def resolved(row: Any, at: datetime, how: str = "recorded by a person") -> None:
    """The customer says that it is resolved."""
    tell(row, at, f.CaseClosed, evidence="customer confirmed", how=how, words="All good.")


def test_a_complaint_counts_by_the_london_day_on_which_it_was_received() -> None:
    at = provider()
    case(at, london("2026-10-31 23:59"))
    case(at, london("2026-11-01 00:00"))
    case(at, london("2026-11-30 23:59"))
    case(at, london("2026-12-01 00:00"))
    assert sum(n for [n] in counted(at, "received").values()) == 2
    summer = provider("opus", now=london("2026-06-01 09:00"))
    case(summer, london("2026-07-01 00:30"))  # still June by the clock of the servers
    june, july = (Period(date(2026, m, 1), date(2026, m, 30)) for m in (6, 7))
    assert sum(n for [n] in counted(summer, "received", june).values()) == 0
    assert sum(n for [n] in counted(summer, "received", july).values()) == 1


def test_what_a_person_found_to_be_no_complaint_counts_nowhere() -> None:
    at = provider()
    row = case(at)
    assert counted(at, "resolved")["Received"] == [1], "what nobody has decided yet counts"
    tell(row, MONDAY + days(1), f.ComplaintDecided, contact="first", complaint=False, why="a question")
    assert counted(at, "resolved")["Received"] == [0]


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        (timedelta(minutes=9), {"Within 3 days", "Within a week", "Resolved within six weeks"}),
        (days(3), {"Within 3 days", "Within a week", "Resolved within six weeks"}),
        (
            days(3) + timedelta(hours=14, minutes=59),
            {"Within 3 days", "Within a week", "Resolved within six weeks"},
        ),
        (days(4), {"Within a week", "Resolved within six weeks"}),
        (days(7), {"Within a week", "Resolved within six weeks"}),
        (days(8), {"Resolved within six weeks"}),
        (days(42), {"Resolved within six weeks"}),
        (days(43), set()),
    ],
)
def test_resolved_within_so_many_days_counts_days_from_the_day_of_receipt(
    after: timedelta, lines: set[str]
) -> None:
    at = provider()
    resolved(case(at), MONDAY + after)
    found = counted(at, "resolved", now=MONDAY + days(50))
    assert {name for name, [n] in found.items() if n} == lines | {"Resolved so far", "Received"}


def test_a_first_contact_resolution_is_what_was_settled_on_the_line() -> None:
    at = provider()
    resolved(case(at), MONDAY + timedelta(minutes=5), "settled on first contact")
    resolved(case(at), MONDAY + timedelta(minutes=5))
    assert counted(at, "resolved")["At the first contact"] == [1]
    assert counted(at, "resolved")["Within 3 days"] == [2]


def test_a_case_that_was_opened_again_is_not_resolved() -> None:
    at = provider()
    row = case(at)
    resolved(row, MONDAY + days(1))
    assert counted(at, "resolved")["Resolved so far"] == [1]
    tell(row, MONDAY + days(2), f.CaseReopened, why="it broke again")
    assert counted(at, "resolved")["Resolved so far"] == [0]


def test_closing_on_silence_or_a_scheme_resolves_nothing() -> None:
    at = provider()
    tell(case(at), MONDAY + days(2), f.CaseClosed, evidence="silence after notices")
    assert counted(at, "resolved")["Resolved so far"] == [0]


def test_open_complaints_stand_by_their_age_today() -> None:
    at = provider()
    for age in (0, 7, 8, 21, 22, 42, 43, 56, 57, 300):
        case(at, NOON - days(age))
    closed(case(at, NOON - days(5)), NOON)
    assert counted(at, "open", now=NOON) == {
        "Up to a week": [2], "Up to 3 weeks": [2], "Up to 6 weeks": [2], "Up to 8 weeks": [2], "Longer": [2],
    }  # fmt: skip


def test_times_to_the_acknowledgement_stand_by_channel_with_their_middle() -> None:
    at = provider()
    for minutes in (10, 30, 59, 61):
        row = case(at)
        with_key = row.outgoing.get(letter="acknowledgement").key
        tell(row, MONDAY + timedelta(minutes=minutes), f.LetterFate, key=with_key, fate="sent")
    case(at, MONDAY, channel="phone")
    assert counted(at, "acknowledged") == {"Email": [3, 1, 0, 0, 0, 1800], "Phone": [0, 0, 0, 0, 1, 0]}


def test_promises_are_kept_kept_late_broken_running_or_gone() -> None:
    at = provider()
    rows = [case(at) for _ in range(3)]
    for row, minutes in zip(rows[:2], (10, 60 * 24 * 9), strict=True):
        tell(row, MONDAY + timedelta(minutes=minutes), f.LetterFate, fate="sent",
             key=row.outgoing.get(letter="acknowledgement").key)  # fmt: skip
    soon = counted(at, "promises", now=MONDAY + timedelta(minutes=30))["L-acknowledge: acknowledgement"]
    later = counted(at, "promises")["L-acknowledge: acknowledgement"]
    assert dict(zip([s.id for s in STANDINGS], soon, strict=True)) == {
        "kept": 1, "late": 1, "broken": 0, "running": 1, "stopped": 0,
    }  # fmt: skip
    assert dict(zip([s.id for s in STANDINGS], later, strict=True)) == {
        "kept": 1, "late": 1, "broken": 1, "running": 0, "stopped": 0,
    }  # fmt: skip


def test_a_promise_of_a_whole_day_belongs_to_that_day_and_not_to_the_next() -> None:
    at = provider()
    case(at)  # the law's letter is due on the whole of 14 December
    on, after = (Period(date(2026, 12, d), date(2026, 12, d)) for d in (14, 15))
    assert "A-law-clock: ADR letter" in counted(at, "promises", on)
    assert "A-law-clock: ADR letter" not in counted(at, "promises", after)


def test_complaints_per_100_000_customers_use_what_was_entered_last(office: Office) -> None:
    manager = office.visitor("manager")
    for number in ("1000", "25000"):
        page = manager.press(
            manager.get(office.at("reports/customers")), "Enter it", month="2026-11", customers=number
        )
        assert "stands for November 2026" in page.main
    assert CustomerCount.objects.count() == 2, "an entry is followed, never changed"
    assert (
        AuditEntry.objects.filter(what="customers entered", by=person_id(office.people["manager"])).count()
        == 2
    )
    assert counted(office.provider, "rate")["November 2026"] == [4, 1, 25000]
    assert "4.0" in manager.get(office.at("reports?since=2026-11-01&until=2026-11-30")).main
    page = manager.press(
        manager.get(office.at("reports/customers")), "Enter it", month="11/2026", customers="0"
    )
    assert len(page.mistakes) == 2


def test_referrals_and_outcomes_of_schemes_count_by_their_own_day() -> None:
    at = provider()
    row = case(at, MONDAY - days(100))
    tell(row, MONDAY, f.SchemeReferred, scheme="cisas")
    tell(row, MONDAY + days(20), f.SchemeDecided, outcome="for us")
    found = counted(at, "disputes")
    assert (found["Taken to a scheme"], found["Ended at a scheme"]) == ([1], [1])
    assert counted(at, "schemes") == {"For us": [1, 0, 0, 0, 0, 0]}
    assert counted(at, "resolved")["Received"] == [0]


# --- what is behind a figure -------------------------------------------------------------------------------


@pytest.fixture
def seeded(office: Office) -> Office:
    """A desk with a year behind it: enough for every table to have lines."""
    at = provider("opus", now=MONDAY - days(900))
    assert believable(at, 150, now=NOON).cases == 150
    office.provider = at
    Role.objects.create(person=office.people["manager"], provider=at, role=RoleName.MANAGER)
    return office


YEAR = Period(date(2025, 1, 1), date(2026, 11, 30))


def test_every_figure_opens_as_many_cases_as_it_counts(seeded: Office) -> None:
    client = Client()
    client.force_login(seeded.people["manager"])
    made = report(seeded.provider.pk, YEAR, NOON)
    looked = 0
    for table in made.tables:
        for line in table.lines:
            for cell in line.cells:
                if cell.query:
                    looked += 1
                    page = client.get(seeded.at(f"export/{table.opens}/csv?{cell.query}"))
                    said = b"".join(page.streaming_content)  # type: ignore[attr-defined]  # Django streams it
                    lines = said.decode().count("\r\n") - 1
                    assert lines == cell.count, f"{table.id}, {line.title}: {cell.query}"
    assert looked > 100
    assert {t.id for t in TABLES} <= {t.id for t in made.tables if t.lines} | {"schemes", "open"}
    assert refold(check=True, now=NOON).wrong == []


def test_a_page_behind_a_figure_turns_to_the_same_cases(seeded: Office) -> None:
    manager = seeded.visitor("manager")
    made = report(seeded.provider.pk, YEAR, NOON)
    cell = next(
        line for t in made.tables if t.id == "resolved" for line in t.lines if line.key == "received"
    ).cells[0]
    address, seen = seeded.at(f"cases?{cell.query}"), 0
    assert cell.count > 50
    while address:
        page = manager.get(address)
        assert page.h1 == "Received"
        assert "Complaints first received in the period" in page.main
        seen += len(page.doc.xpath("//main//tbody/tr"))
        onward = [link for link in page.links if "from=" in link]
        address = seeded.at(f"cases{onward[-1]}") if onward else ""
    assert seen == cell.count


def test_the_list_of_a_figure_is_as_long_as_the_figure_in_any_period(seeded: Office) -> None:
    draw = Random(7)  # noqa: S311 - draws periods to look at
    rows = CaseTally.objects.filter(provider=seeded.provider)
    for _n in range(6):
        since = YEAR.since + timedelta(days=draw.randrange(600))
        period = Period(since, since + timedelta(days=draw.randrange(1, 200)))
        for table in report(seeded.provider.pk, period, NOON).tables:
            for cell in (
                cell for line in table.lines for cell in line.cells if cell.query and table.opens == "cases"
            ):
                asked = behind(QueryDict(cell.query))
                assert asked is not None, cell.query
                assert asked.narrow(rows, NOON.date()).count() == cell.count, cell.query


def test_the_parts_of_a_table_are_together_the_whole(seeded: Office) -> None:
    made = report(seeded.provider.pk, YEAR, NOON)
    tables = {t.id: t for t in made.tables}
    received = next(x for x in tables["resolved"].lines if x.key == "received").cells[0].count
    assert received == sum(x.cells[0].count for x in tables["received"].lines)
    for name in ("category", "cause", "need", "kind"):
        assert received == sum(x.cells[0].count for x in tables[name].lines), name
    for name in ("acknowledged", "replied"):
        assert received == sum(cell.count for x in tables[name].lines for cell in x.cells[:-1]), name


# --- the page ---------------------------------------------------------------------------------------------


def test_the_report_is_a_page_with_pictures_and_their_tables(seeded: Office) -> None:
    page = seeded.visitor("manager").get(seeded.at("reports?since=2025-11-01&until=2026-10-31"))
    assert page.status == 200
    for section in page.within("figures"):
        assert section.xpath(".//table") or "There is none" in section.text_content()
        for picture in section.xpath('.//svg[@role="img"]'):
            assert len(picture.xpath('./text[@class="quiet"]')) == len(section.xpath(".//tbody/tr"))
            assert len(picture.xpath("./rect")) > 0
    assert len(page.doc.xpath('//svg[@role="img"]')) > 8
    assert not page.doc.xpath("//*[@style]")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("since=2026-11-30&until=2026-11-01", "The last day lies before the first."),
        ("since=2001-01-01&until=2026-11-01", "longer than five years"),
        ("since=0001-01-01&until=9999-12-31", "somebody can have complained"),
        ("since=yesterday&until=%00", "Give day, month and year"),
    ],
)
def test_a_period_that_is_none_is_a_mistake_at_its_box(office: Office, asked: str, words: str) -> None:
    page = office.visitor("auditor").get(office.at(f"reports?{asked}"))
    assert page.status == 200
    assert words in " ".join(page.mistakes)


@pytest.mark.parametrize(
    "query",
    ["figure=nonsense&since=2026-01-01&until=2026-12-31", "figure=received&since=x&until=y", "figure=received",
     "figure=received&since=0001-01-01&until=9999-12-31",
     "figure=received&since=2026-01-01&until=2026-12-31&by=password&is=x",
     "figure=received&since=2026-01-01&until=2026-12-31&by=channel&is=%00"],
)  # fmt: skip
def test_an_address_that_names_no_figure_is_an_ordinary_list(office: Office, query: str) -> None:
    page = office.visitor().get(office.at(f"cases?{query}"))
    assert (page.status, page.h1) == (200, "Open cases")


def test_a_report_counts_its_own_provider_and_nobody_elses(office: Office) -> None:
    other = provider("opus")
    case(other)
    assert counted(office.provider, "resolved")["Received"] == [1]
    page = office.visitor("manager").get("/desk/opus-telecoms/reports")
    assert page.status == 404


def test_whoever_reads_no_cases_reads_no_reports(office: Office) -> None:
    assert office.visitor("administrator").get(office.at("reports")).status == 403


def test_a_report_asks_as_many_questions_for_many_cases_as_for_few(
    seeded: Office, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(24) as few:
        reports.report(seeded.provider.pk, YEAR, NOON)
    for _n in range(5):
        case(seeded.provider, MONDAY)
    with django_assert_max_num_queries(len(few)):
        reports.report(seeded.provider.pk, YEAR, NOON)
