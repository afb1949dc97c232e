"""The number of questions that a page asks its database does not grow with its rows: every list, with few and with many."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amends.core import facts as f
from amends.desk import alarms, billing, chats, limits
from amends.desk.actions import Actor, ask_customer, propose
from amends.desk.chats import Came
from amends.desk.customers import book, recorded
from amends.desk.models import (
    Absence,
    AppointmentRow,
    AuditEntry,
    CodeComment,
    CustomerRow,
    KeptMessage,
    Lesson,
    Mailbox,
    Outage,
    OutageCase,
    Outgoing,
    RoleName,
    SignIn,
    SupplierRow,
)
from amends.desk.people import person_id
from amends.desk.record import docket
from tests.desk.made import MONDAY, case, days, person
from tests.desk.office import NOON, Office

FEW, MANY = 3, 30

LISTS = {
    "manager": (
        "", "?whose=team", "?whose=nobody", "cases", "cases?show=all", "cases?find=archer", "decide?show=waits",
        "decide?show=mine", "appointments?whose=all&when=week", "suppliers", "questions",
        "mail?state=held", "mail?state=quarantined",
        "letters?state=trouble", "letters?state=post", "letters?state=ready", "letters?state=sent", "letters/batches",
        "money",
        "money?state=billing", "money/batches/1", "customers", "customers?find=archer", "customers?show=reviews",
        "lessons", "provider/retention", "provider/comments", "alarms", "reports",
        "reports/promises?since=2026-11-01&until=2026-11-30",
        "outages", "outages?show=past", "chats", "provider/people", "provider/absences", "provider/mailboxes",
    ),
    "administrator": ("provider/audit", "provider/sign-ins", "provider/people", "alarms"),
}  # fmt: skip
"""Every page that is a list, by who opens it."""


def more(office: Office, first: int, last: int) -> None:
    """So many more rows in every list."""
    at = office.provider
    hana, mia = office.people["handler"], office.people["manager"]
    for n in range(first, last):
        row = case(at, MONDAY, {"name": f"Archer {n}", "email": f"a{n}@example.org"})
        with docket(row.pk, now=NOON) as d:
            hand = d.cases[row.pk]
            hand.add(
                f.HandlerAssigned(at=NOON, logged=NOON, by="7", handler=person_id(mia), handler_name="Mia")
            )
            hand.add(
                f.AwardPrepared(
                    at=NOON, logged=NOON, award="1", award_kind="credit", basis="scheme decision", clause="AD-10",
                    pence=n + 1,
                    words="",
                )
            )  # fmt: skip
            by = Actor(person_id(mia), "Mia", "handler")
            assert propose(d, hand, by, NOON, words="We refund it.", credit_pence=900) is None
            assert ask_customer(d, hand, by, NOON, words="Which lamp is red?") is None
        AppointmentRow.objects.create(
            provider=at, case=row, appointment="1", starts=NOON + days(1), ends=NOON + days(1.1), channel="phone",
            person=person_id(hana),
        )  # fmt: skip
        SupplierRow.objects.create(provider=at, case=row, matter="1", supplier="N", asked=NOON, chase=NOON)
        for state in ("held", "quarantined"):
            KeptMessage.objects.create(
                provider=at, kept_at=NOON, received=NOON + days(n / 1000), size=1, raw=b"x", state=state,
                content_hash=f"{state}{n}", case=row,
            )  # fmt: skip
        letters = list(Outgoing.objects.filter(case=row).order_by("pk"))
        for letter, state in zip(letters, STATES[n % 4 :] + STATES[: n % 4], strict=False):
            Outgoing.objects.filter(pk=letter.pk).update(state=state, post_by=date(2026, 11, 4))
        made = book.keep_customer(at, {"name": f"Archer {n}"}, by="7", now=NOON)
        assert isinstance(made, CustomerRow)
        recorded.record(made, recorded.New("other", "on a call", "Slowly"), by="7", now=NOON - days(900))
        Lesson.objects.create(
            provider=at, case=row, number=1, noted_at=NOON, noted_by=person_id(hana), cause="Delay", words="Faster",
        )  # fmt: skip
        CodeComment.objects.create(provider=at, code=at.codes.get(), at=NOON, words="Shorter, please")
        box = Mailbox.objects.create(provider=at, address=f"in{n}@larkfield.example")
        for kind, about in (
            ("mailbox silent", f"{at.pk}/{box.address}"),
            ("poison case", str(row.pk)),
            ("letter put off", f"{at.pk}/{row.reference}/x/1"),
        ):
            alarms.raise_all([alarms.alarm(kind, about, f"Alarm {n}", "A heading", NOON, at.pk)])
        AuditEntry.objects.create(
            provider=at, at=NOON, by=person_id(hana), what="case handed over",
            detail={"case": row.pk, "person": person_id(mia)},
        )  # fmt: skip
        who = person(at, RoleName.HANDLER, f"handler{n}")
        SignIn.objects.create(at=NOON, person=who, provider=at, tried="signed in")
        Absence.objects.create(provider=at, person=who, since=date(2026, 11, 2), made_by="7", made_at=NOON)
        for number, until in ((2 * n + 1, None), (2 * n + 2, NOON)):
            Outage.objects.create(
                provider=at, number=number, what="It is down", since=MONDAY, until=until, said_by="them", opened_at=NOON,
                opened_by="7",
            )  # fmt: skip
            OutageCase.objects.create(provider=at, case=row, outage=number, since=NOON)
        chats.begin(at, Came(f"Archer {n}"), "Hello", "", NOON)


STATES = ["to post", "in doubt", "sent", "ready"]


def asked(office: Office) -> dict[tuple[str, str], int]:
    """How many questions each list asks now."""
    counts = {}
    for role, paths in LISTS.items():
        client = Client()
        client.force_login(office.people[role])
        # The first page of a minute also notes that the person is still here.
        client.get(office.at("provider"))
        for path in paths:
            with CaptureQueriesContext(connection) as questions:
                answer = client.get(office.at(path))
            assert answer.status_code == 200, (path, answer.status_code)
            counts[role, path] = len(questions)
    return counts


@pytest.mark.django_db
def test_a_list_asks_as_many_questions_for_thirty_rows_as_for_three(office: Office) -> None:
    wanted: dict[tuple[str, str], int | None] = {("handler", "credit"): 1}
    assert limits.set_limits(office.provider, wanted, by="7", by_roles=("director",), now=NOON) is None
    more(office, 0, FEW)
    billing.hand_over(office.provider, "7", NOON)
    few = asked(office)
    more(office, FEW, MANY)
    many = asked(office)
    grown = {place: (few[place], many[place]) for place in few if many[place] > few[place]}
    assert not grown
