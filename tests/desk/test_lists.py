"""Promises of lists: filters live in the address, views are kept, what is taken away is harmless and written down."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml import etree

from amends.core import facts as f
from amends.desk import actions, alarms, limits
from amends.desk.customers import book as customer_book
from amends.desk.customers import recorded
from amends.desk.models import (
    Absence,
    AppointmentRow,
    AssignmentRule,
    AuditEntry,
    CaseRow,
    CaseTally,
    CustomerRow,
    DutyRow,
    Outage,
    PrintBatch,
    RoleName,
    SavedView,
    SignIn,
    SupplierRow,
)
from amends.desk.people import person_id
from amends.desk.record import docket
from amends.desk.sheets import Sheet, as_csv, as_xlsx
from tests.desk.made import MONDAY, case, closed, days, person, provider, tell
from tests.desk.office import NOON, Office
from tests.desk.test_strangers import Street
from tests.desk.visitor import Page

pytestmark = pytest.mark.django_db


def shown(page: Page) -> set[str]:
    """The references of a list."""
    return {a.text_content() for a in page.doc.xpath("//main//tbody/tr/td[1]/a")}


@pytest.fixture
def town(office: Office) -> dict[str, CaseRow]:
    """Ann's open case by email, and others that differ in one thing each."""
    at = office.provider
    return {
        "ann": office.row,
        "phone": case(at, MONDAY, channel="phone"),
        "old": case(at, MONDAY - days(30)),
        "billing": tell(case(at), MONDAY, f.Categorised, category="Billing and charges", cause="Delay"),
        "needs": tell(
            case(at, MONDAY, {"name": "Bo", "email": "bo@example.org"}), MONDAY, f.FormatNeeded, format="Braille",
            consent="on the phone",
        ),
        "held": tell(case(at), MONDAY, f.HandlerAssigned, handler=person_id(office.people["handler"]), handler_name="Hana"),
        "stage": tell(case(at), MONDAY, f.StageEntered, stage=1, role="Customer Care Lead"),
        "decided": tell(case(at), MONDAY, f.ComplaintDecided, contact="first", complaint=True),
        "closed": closed(tell(case(at), MONDAY, f.ComplaintDecided, contact="first", complaint=True), MONDAY),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("show=closed", {"closed"}),
        ("channel=phone", {"phone"}),
        ("channel=phone&show=all", {"phone"}),
        ("category=Billing+and+charges", {"billing"}),
        ("cause=Delay", {"billing"}),
        ("need=Braille", {"needs"}),
        ("handler=HANA", {"held"}),
        ("stage=care+lead", {"stage"}),
        ("complaint=yes", {"decided"}),
        ("state=closed&show=all", {"closed"}),
        ("received_to=2026-10-03", {"old"}),
        ("received_from=2026-10-03&received_to=2026-10-03", {"old"}),
        ("received_from=2026-10-04&received_to=2026-11-01", set()),
        ("due_from=2026-12-01", set()),
        ("channel=phone&need=Braille", set()),
    ],
)
def test_each_filter_of_the_address_narrows_the_list(
    office: Office, town: dict[str, CaseRow], query: str, found: set[str]
) -> None:
    query = query.replace("HANA", person_id(office.people["handler"]))
    page = office.visitor().get(office.at(f"cases?{query}"))
    assert shown(page) == {town[name].reference for name in found}


def test_a_filter_writes_names_as_they_are_written(office: Office) -> None:
    page = office.visitor().get(office.at("cases"))
    offered = page.doc.xpath("//select[@name='state' or @name='need']/option/text()")
    assert {"ADR letter sent", "British Sign Language", "Deadlocked"} <= set(offered)


def test_none_and_nobody_are_filters_too(office: Office, town: dict[str, CaseRow]) -> None:
    hana = office.visitor()
    everything = {row.reference for name, row in town.items() if name != "closed"}
    assert shown(hana.get(office.at("cases"))) == everything
    for query, but in (("category=none", "billing"), ("need=none", "needs"), ("handler=nobody", "held"),
                       ("complaint=undecided", "decided")):  # fmt: skip
        assert shown(hana.get(office.at(f"cases?{query}"))) == everything - {town[but].reference}, query


def test_filters_are_filled_in_by_a_form_and_stand_in_the_address(
    office: Office, town: dict[str, CaseRow]
) -> None:
    hana = office.visitor()
    page = hana.press(hana.get(office.at("cases")), "Show these", channel="phone")
    assert shown(page) == {town["phone"].reference}
    assert "How it first came Phone" in page.main


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("received_from=2026-11-02&received_to=2026-11-01", "lies before the first"),
        ("received_from=9999-12-31&due_to=0001-01-01", "somebody can have complained"),
        ("received_from=soon", "Give day, month and year"),
        ("state=all", "That is not offered here. Choose one of those that are."),
        (f"stage={'x' * 101}", "This is too long: write at most 100 characters. It has 101."),
    ],
)
def test_a_filter_that_says_nonsense_is_a_mistake_at_its_box(office: Office, query: str, words: str) -> None:
    page = office.visitor().get(office.at(f"cases?{query}"))
    assert page.status == 200
    assert words in " ".join(page.mistakes)


@pytest.mark.parametrize(
    "name", ["stage", "handler", "category", "channel", "due_from", "show", "from", "figure"]
)
@pytest.mark.parametrize("value", ["%00", "%25", "'", "x" * 3000, "%F0%9F%98%80", "%ED%A0%80"])
def test_nothing_in_an_address_breaks_the_list(office: Office, name: str, value: str) -> None:
    assert office.visitor().client.get(office.at(f"cases?{name}={value}")).status_code == 200


def test_a_colleague_who_has_left_and_a_word_that_left_the_list_still_filter(office: Office) -> None:
    row = tell(case(office.provider), MONDAY, f.Categorised, category="Telegrams", cause="")
    row = tell(row, MONDAY, f.HandlerAssigned, handler="999", handler_name="Gone")
    assert shown(office.visitor().get(office.at("cases?category=Telegrams&handler=999"))) == {row.reference}


# --- saved views --------------------------------------------------------------------------------------------


def save(office: Office, role: str, name: str, **more: Any) -> Page:
    """The list after somebody saved its filters."""
    visitor = office.visitor(role)
    return visitor.press(visitor.get(office.at("cases?channel=phone")), "Save the view", name=name, **more)


def test_a_view_is_kept_under_its_name_for_oneself(office: Office, town: dict[str, CaseRow]) -> None:
    assert "The view “By phone” is saved." in save(office, "handler", "By phone").main
    hana = office.visitor()
    [link] = [
        a.get("href")
        for a in hana.get(office.at("cases")).doc.xpath("//main//a")
        if a.text_content() == "By phone"
    ]
    assert shown(hana.get(office.at(f"cases{link}"))) == {town["phone"].reference}
    assert "By phone" not in office.visitor("agent").get(office.at("cases")).main
    save(office, "handler", "By phone")
    assert SavedView.objects.count() == 1, "the same name is the same view"


def test_a_manager_shares_a_view_and_others_cannot(office: Office) -> None:
    save(office, "manager", "Calls", shared="on")
    assert "Calls" in office.visitor("agent").get(office.at("cases")).main
    handler = office.visitor()
    form, _button = handler.get(office.at("cases?channel=email")).form("Save the view")
    handler.send("POST", office.at("views/save"), {
        "name": "Mine", "query": "channel=email", "shared": "on", "csrfmiddlewaretoken": form.fields["csrfmiddlewaretoken"],
    })  # fmt: skip
    assert not SavedView.objects.get(name="Mine").shared


def test_a_view_is_dropped_by_its_owner_or_where_shared_by_a_manager(office: Office) -> None:
    save(office, "handler", "Own")
    save(office, "manager", "Shared", shared="on")
    own, shared = (SavedView.objects.get(name=name) for name in ("Own", "Shared"))

    def drop(role: str, view: SavedView) -> Any:
        visitor = office.visitor(role)
        token = (
            visitor.get(office.at("cases?channel=phone"))
            .form("Save the view")[0]
            .fields["csrfmiddlewaretoken"]
        )
        return visitor.send("POST", office.at(f"views/{view.pk}/drop"), {"csrfmiddlewaretoken": token}).status

    assert drop("manager", own) == 404, "nobody else's own"
    assert drop("handler", shared) == 404
    assert drop("handler", own) == 200
    assert drop("director", shared) == 200
    assert SavedView.objects.count() == 0


def test_a_view_keeps_filters_and_nothing_else(office: Office) -> None:
    hana = office.visitor()
    token = hana.get(office.at("cases?channel=phone")).form("Save the view")[0].fields["csrfmiddlewaretoken"]
    hana.send("POST", office.at("views/save"), {
        "name": "x" * 500, "query": 'channel=phone&next=https://evil.example&"><script>', "csrfmiddlewaretoken": token,
    })  # fmt: skip
    kept = SavedView.objects.get()
    assert (kept.query, len(kept.name)) == ("channel=phone", 60)
    page = hana.press(hana.get(office.at("cases?channel=phone")), "Save the view", name="  ")
    assert "give the view a name" in page.main
    assert SavedView.objects.count() == 1


# --- taking lists away ----------------------------------------------------------------------------------------

EVIL = '=HYPERLINK("https://evil.example","pay")'


def exported(office: Office, what: str, kind: str, role: str = "manager") -> bytes:
    """A list as it leaves the desk."""
    answer = office.visitor(role).client.get(office.at(f"export/{what.replace('?', f'/{kind}?')}"))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # Django streams it


def cells(content: bytes) -> list[list[str]]:
    """The rows of an Excel file, every cell as it stands."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        page = etree.fromstring(file.read("xl/worksheets/sheet1.xml"))
        assert b"<f>" not in file.read("xl/worksheets/sheet1.xml"), "no cell is a formula"
        assert not [name for name in file.namelist() if "external" in name.lower()]
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    return [["".join(cell.itertext()) for cell in row.iter(f"{space}c")] for row in page.iter(f"{space}row")]


def test_a_list_leaves_as_csv_with_its_filters_and_the_audit_says_who_took_it(
    office: Office, town: dict[str, CaseRow]
) -> None:
    case(office.provider, MONDAY, {"name": EVIL, "account": "+1"}, channel="phone", subject="@SUM(A1)")
    content = exported(office, "cases?channel=phone", "csv")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert {row[0] for row in rows[1:]} >= {town["phone"].reference}
    evil = next(row for row in rows if EVIL in row[10])
    assert (evil[10], evil[11], evil[13]) == (f"'{EVIL}", "'+1", "'@SUM(A1)")
    entry = AuditEntry.objects.get(what="list exported")
    assert (entry.by, entry.detail) == (
        person_id(office.people["manager"]), {"list": "cases", "format": "csv", "narrowed to": "channel=phone"},
    )  # fmt: skip


def test_a_list_leaves_as_excel_with_words_as_words(office: Office) -> None:
    case(office.provider, MONDAY, {"name": EVIL}, subject="\x01\ud800http://evil.example")
    rows = cells(exported(office, "cases?show=all", "xlsx"))
    assert len(rows) == 3
    assert any(EVIL in row for row in rows)


@pytest.mark.parametrize("role", ["agent", "handler", "administrator"])
def test_who_only_works_on_cases_takes_no_list_away(office: Office, role: str) -> None:
    assert office.visitor(role).client.get(office.at("export/cases/csv")).status_code == 403
    assert "Excel" not in office.visitor("agent").get(office.at("cases")).main
    assert not AuditEntry.objects.filter(what="list exported").exists()


def test_another_providers_list_is_not_taken_along(office: Office) -> None:
    other = provider("opus")
    theirs = case(other)
    content = exported(office, "cases?show=all", "csv")
    assert theirs.reference.encode() not in content
    assert office.row.reference.encode() in content
    stranger = person(other, RoleName.MANAGER, "mo")
    office.people["mo"] = stranger
    assert office.visitor("mo").client.get(office.at("export/cases/csv")).status_code == 404


@pytest.mark.parametrize(
    "what",
    [
        "letters?state=ready",
        "letters?state=nonsense",
        "promises?",
        "report?since=2026-11-01&until=2026-11-30",
        "owed?whose=nobody",
        "found?find=ann@example.org",
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_other_lists_leave_too(office: Office, what: str, kind: str) -> None:
    assert len(exported(office, what, kind)) > 30


TAKEN_AT = {
    "": "manager", "cases": "manager", "cases?find=ann@example.org": "manager", "letters": "manager", "lessons": "auditor",
    "reports/promises?since=2026-11-01&until=2026-11-30": "manager", "reports": "manager", "mail": "manager",
    "decide": "manager", "appointments?whose=all&when=week": "manager", "suppliers": "auditor", "customers": "compliance",
    "customers?find=Secret": "manager", "customers?show=reviews": "manager", "money?state=billing": "manager",
    "provider/comments": "manager", "alarms": "manager", "provider/audit": "administrator", "provider/people": "manager",
    "provider/sign-ins": "administrator", "outages": "manager", "outages?show=past": "auditor",
    "letters/batches": "auditor", "provider/absences": "manager", "provider/assignment": "compliance",
    "questions": "auditor",
}  # fmt: skip
"""Every page that is a list of rows, and somebody who may take it away."""


@pytest.mark.parametrize("path", TAKEN_AT)
def test_every_list_is_taken_away_from_its_own_page_as_csv_and_as_excel(office: Office, path: str) -> None:
    full(office)
    role = TAKEN_AT[path]
    taker = office.visitor(role)
    page = taker.get(office.at(path))
    links = [a for a in page.doc.xpath("//main//p[@class='take-away']//a") if a.text in ("CSV", "Excel")]
    assert [a.text for a in links] == ["CSV", "Excel"], page.main
    before = AuditEntry.objects.filter(what="list exported").count()
    for link in links:
        answer = taker.client.get(link.get("href"))
        assert answer.status_code == 200
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # Django streams it
        rows = (
            cells(content)
            if link.text == "Excel"
            else list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        )
        assert len(rows) > 1
        assert all(len(row) == len(rows[0]) for row in rows)
        assert b"another house" not in content
    entries = AuditEntry.objects.filter(what="list exported")
    assert entries.count() == before + 2
    assert {e.by for e in entries} == {person_id(office.people[role])}


def full(office: Office) -> None:
    """The office with at least one row in every list, and another provider whose rows are not to be seen."""
    other = Office("opus")
    Street(office)
    for each, words in ((office, EVIL), (other, "another house")):
        at, starts = each.provider, NOON + days(1)
        row = case(at, MONDAY, {"name": words, "email": "e@example.net"}, words=words)
        made = customer_book.keep_customer(at, {"name": words}, by="7", now=NOON)
        assert isinstance(made, CustomerRow)
        recorded.record(made, recorded.New("other", "on a call", words), by="7", now=NOON - days(900))
        alarms.raise_all([alarms.alarm("quarantine", words, words, "Messages in quarantine", NOON, at.pk)])
        wanted: dict[tuple[str, str], int | None] = {("handler", "credit"): 1}
        assert limits.set_limits(at, wanted, by="7", by_roles=("director",), now=NOON) is None
        with docket(row.pk, now=NOON) as d:
            by = actions.Actor("7", "Hana", "handler")
            assert actions.propose(d, d.cases[row.pk], by, NOON, words=words, credit_pence=900) is None
            assert actions.ask_customer(d, d.cases[row.pk], by, NOON, words=words) is None
        AppointmentRow.objects.create(
            provider=at, case=row, appointment="1", starts=starts, ends=starts + days(0.1), channel="phone", number=words,
        )  # fmt: skip
        SupplierRow.objects.create(
            provider=at, case=row, matter="1", supplier=words, number=words, asked=NOON, chase=NOON
        )
        for number, until in ((91, None), (92, NOON)):
            Outage.objects.create(
                provider=at, number=number, what=words, since=MONDAY, until=until, said_by=words, opened_at=NOON,
                opened_by="7",
            )  # fmt: skip
        PrintBatch.objects.create(
            provider=at, number=91, made_at=NOON, made_by=words, pages=1, size=1, sha256="0" * 64
        )
        Absence.objects.create(
            provider=at, person=each.people["handler"], since=NOON.date(), made_at=NOON, made_by=words
        )
        AssignmentRule.objects.create(provider=at, place=1, category=words, people=["7"])
        AuditEntry.objects.create(provider=at, at=NOON, by="7", what=words)
        SignIn.objects.create(
            at=NOON, person=each.people["manager"], provider=at, tried="signed in", browser=words
        )


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("export/comments/csv", "auditor"),
        ("export/mail/csv", "handler"),
        ("export/customers/csv", "administrator"),
        ("export/absences/csv", "auditor"),
        ("export/assignment/csv", "auditor"),
        ("provider/audit/csv", "manager"),
        ("provider/people/as/csv", "compliance"),
        ("provider/sign-ins/csv", "manager"),
    ],
)
def test_nobody_takes_away_what_they_may_not_see_or_take(office: Office, path: str, role: str) -> None:
    assert office.visitor(role).client.get(office.at(path)).status_code == 403
    assert not AuditEntry.objects.filter(what="list exported").exists()


@pytest.mark.parametrize("path", ["provider/audit/pdf", "provider/people/as/html", "provider/sign-ins/doc"])
def test_the_houses_lists_leave_in_no_other_format(office: Office, path: str) -> None:
    assert office.visitor("administrator").client.get(office.at(path)).status_code == 404


def test_a_list_is_read_in_parts_and_in_its_order_with_none_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amends.desk.views.exported.AT_ONCE", 2)
    for n in range(7):
        SupplierRow.objects.create(
            provider=office.provider, case=office.row, matter=str(n), supplier=str(n), asked=NOON, chase=NOON - days(n // 3)
        )  # fmt: skip
    rows = list(csv.reader(io.StringIO(exported(office, "suppliers?", "csv").decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == list("6345012")


def test_a_promise_that_ends_with_its_day_names_that_day_and_no_midnight(office: Office) -> None:
    page = office.visitor("manager").get(office.at("reports/promises?since=2026-12-01&until=2026-12-31"))
    assert "End of Monday 14 December" in page.main, "the ADR letter of Monday 2 November"
    assert "midnight" not in page.main


def test_an_export_asks_a_page_at_a_time_and_misses_none(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amends.desk.views.exports.AT_ONCE", 3)
    for _n in range(10):
        case(office.provider)
    assert exported(office, "cases?show=all", "csv").count(b"\r\n") == 1 + CaseTally.objects.count()
    assert exported(office, "promises?until=2026-12-31", "csv").count(b"\r\n") > 11


def test_what_a_search_finds_leaves_as_its_page_shows_it_and_the_audit_names_nobody(office: Office) -> None:
    for _n in range(25):
        case(office.provider, MONDAY, {"name": "Bo Bell", "email": "bo@example.org"})
    page = office.visitor("manager").get(office.at("cases?find=bo@example.org"))
    assert "export/found/csv?find=bo%40example.org" in page.content.decode()
    rows = list(
        csv.reader(io.StringIO(exported(office, "found?find=bo@example.org", "csv").decode("utf-8-sig")))
    )
    assert rows[0] == ["Case", "Name", "Postcode area", "Is it open?"]
    assert [row[1] for row in rows[1:]] == ["Bo Bell"] * len(rows[1:])
    entry = AuditEntry.objects.get(what="list exported")
    assert entry.detail == {"list": "found", "format": "csv", "narrowed to": "a search"}


def test_what_is_owed_leaves_in_its_order_with_whose_it_is(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amends.desk.views.exports.AT_ONCE", 3)
    for _n in range(4):
        case(office.provider)
    rows = list(csv.reader(io.StringIO(exported(office, "owed?whose=team", "csv").decode("utf-8-sig"))))
    assert len(rows) == 1 + DutyRow.objects.filter(provider=office.provider).count()
    falls = [row[0] for row in rows[1:] if row[0]]
    assert falls == sorted(falls)
    assert (
        "export/owed/csv?whose=team"
        in office.visitor("manager").get(office.at("?whose=team")).content.decode()
    )


@pytest.mark.parametrize("kind", ["poem/csv", "cases/pdf", "found/csv"])
def test_what_is_no_list_or_no_format_is_not_there(office: Office, kind: str) -> None:
    assert office.visitor("manager").client.get(office.at(f"export/{kind}")).status_code == 404


@pytest.mark.parametrize(
    "words", ["=1+1", "+1", "-1+1", "@x", "\t=1", "\r=1", "  =1", "＝1", "-2 people", "\n=1"]
)
def test_no_words_are_a_formula_in_any_spreadsheet(words: str) -> None:
    [line] = list(as_csv(Sheet("x", ("a",), [(words,)])))[2:]
    assert next(csv.reader(io.StringIO(line.decode(), newline="")))[0].startswith("'")


def test_values_leave_as_what_they_are() -> None:
    moment, day = datetime(2026, 7, 1, 12, 30, tzinfo=UTC), date(2026, 7, 1)
    values = (moment, day, -5, 1.5, None, True, 'words, "quoted"')
    [line] = list(as_csv(Sheet("x", ("a",) * 7, [values])))[2:]
    assert next(csv.reader([line.decode()])) == [
        "2026-07-01 13:30",
        "2026-07-01",
        "-5",
        "1.5",
        "",
        "yes",
        'words, "quoted"',
    ]
    with as_xlsx(Sheet("x", ("a",) * 7, [values])) as file:
        assert cells(file.read())[1][2:] == ["-5", "1.5", "", "yes", 'words, "quoted"']
    with as_xlsx(Sheet("x", ("a", "b"), [])) as file:
        assert len(cells(file.read())) == 1, "a list with nothing on it has its heads all the same"


def test_the_page_of_lists_changes_what_cases_are_sorted_by(office: Office) -> None:
    keeper = office.visitor("manager")
    page = keeper.press(
        keeper.get(office.at("provider/lists")),
        "Put these lists in force",
        categories="Mast\nLine",
        causes="Wind",
    )
    assert "The lists are in force" in page.main
    assert "Mast" in keeper.get(office.case_at("categorise")).main
    page = keeper.press(
        keeper.get(office.at("provider/lists")), "Put these lists in force", categories="x" * 61, causes=""
    )
    assert len(page.mistakes) == 2


@pytest.mark.parametrize("day", ["25/11/2026", "2026-11-25"])
def test_a_day_is_taken_as_its_mistake_says_it_is_written(office: Office, day: str) -> None:
    assert (
        "Give day, month and year" not in office.visitor().get(office.at(f"cases?received_from={day}")).main
    )
