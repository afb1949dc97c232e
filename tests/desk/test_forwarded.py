"""What a colleague forwards: a person sees who wrote it first and when, and the case is theirs and not the colleague's."""

from __future__ import annotations

import pytest

from amends.desk import inbox
from amends.desk.models import CaseRow, Outgoing
from tests.desk.mails import kept, mail
from tests.desk.office import NOON, Office

pytestmark = pytest.mark.django_db

FORWARD = """For you.

-----Original Message-----
From: Cy Cole <cy@example.com>
Sent: 28 October 2026 10:14
To: Amy

It fails.
"""


def forwarded(office: Office, words: str = FORWARD) -> str:
    """The address at which a forwarded message waits."""
    raw = mail(words, sender=f"Amy <agent@{office.slug}.example>", subject="Fw: It fails")
    received = inbox.receive(office.provider, raw, NOON, now=NOON)
    assert kept(received).state == "held"
    return office.at(f"mail/{received.message}")


def test_the_case_of_a_forwarded_message_is_that_of_whoever_wrote_it_first(office: Office) -> None:
    amy = office.visitor("agent")
    page = amy.get(forwarded(office))
    assert "written by Cy Cole <cy@example.com> on 28 October 2026 10:14" in page.words
    boxes = dict(page.form("Put it there")[0].form_values())
    assert (boxes["wrote_name"], boxes["wrote_email"]) == ("Cy Cole", "cy@example.com")
    amy.press(page, "Put it there", what="open", received_day="2026-10-28", received_time="10:14")
    row = CaseRow.objects.get(customer_email="cy@example.com")
    assert row.first_received.date().isoformat() == "2026-10-28"  # type: ignore[union-attr] # it was received
    assert row.customer_name == "Cy Cole"
    assert Outgoing.objects.get(case=row, letter="acknowledgement").to == "cy@example.com"


def test_what_the_message_says_of_its_writer_is_only_a_suggestion(office: Office) -> None:
    amy = office.visitor("agent")
    page = amy.get(forwarded(office))
    amy.press(page, "Put it there", what="open", wrote_name="", wrote_email="")
    row = CaseRow.objects.exclude(pk=office.row.pk).get()
    assert (row.customer_name, row.customer_email) == ("", "")
    assert not Outgoing.objects.filter(case=row).exists()


@pytest.mark.parametrize(
    "words", ["No heading at all.", "From: cy@example.com, dee@example.com\n\nTwo.", "From: \n\nNobody."]
)
def test_where_it_names_nobody_or_two_nobody_is_suggested(office: Office, words: str) -> None:
    page = office.visitor("agent").get(forwarded(office, words))
    assert "Who wrote it first" in page.words
    assert not dict(page.form("Put it there")[0].form_values()).get("wrote_email")


def test_a_customers_own_message_has_no_such_question(office: Office) -> None:
    raw = mail(f"About {office.row.reference}", sender="dee@example.org")
    received = inbox.receive(office.provider, raw, NOON, now=NOON)
    assert (
        "Who wrote it first" not in office.visitor("agent").get(office.at(f"mail/{received.message}")).words
    )
