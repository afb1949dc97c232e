"""Promises of the way up, of answers in time and of letters: each from beginning to end, at the desk of its provider.

Ann's email came on Monday 2 November 2026 at nine; it is noon. Six weeks after it is Monday 14 December.
"""

from __future__ import annotations

import pytest
from pytest_django import Settings

from amends.core.case import State
from amends.core.clocks import Clock, clocks
from amends.core.code import Owed
from amends.core.duties import Action
from amends.desk.models import CaseRow, Outgoing, SchemeMembership
from amends.desk.opened import read
from amends.desk.ticker import tick
from tests.desk.made import london
from tests.desk.office import Office, clock
from tests.desk.test_promises import contact, folded, leaves, newest, of, owed, portal, promise
from tests.desk.visitor import Visitor

pytestmark = pytest.mark.django_db
PATH = {
    "netfuse": ["Managing Director"],
    "netservers": ["Customer Services Manager", "Managing Director"],
    "opus-telecoms": ["Customer Service Manager or Head of Professional Services"],
    "infinity-group": ["Operations Director", "Managing Director"],
}
"""To whom a complaint goes, one after the other."""


def goes_on(settings: Settings, iso: str) -> None:
    """It is then, and the worker has looked."""
    clock(settings, london(iso))
    tick(london(iso))


def letters(row: CaseRow, kind: str) -> list[str]:
    """The words of the letters of this kind, the oldest first."""
    found = Outgoing.objects.filter(case=row, letter=kind).order_by("pk")
    return [" ".join(x.text.split()) for x in found]


def refuses(at: Office, words: str = "No.") -> None:
    """An outcome is put to Ann, and she says no to it in the portal."""
    at.proposed()
    ann, page = portal(at, at.row)
    ann.press(page, "Send my answer", **{"reply-accepted": "no", "reply-words": words})


# --- The way up, and deadlock ----------------------------------------------------------------------------------------


@of("netfuse", "netservers", "opus", "infinity")
def test_who_is_not_satisfied_climbs_the_path_by_its_names_and_deadlock_is_told_at_once(at: Office) -> None:
    """N-md, S-start, S-md, O-reopen, I-directors; N-deadlock, O-deadlock; N-cannot-resolve, I-final.

    Ann refuses; each role of the code takes it, by its name, in the portal and in a letter. Then a manager says that we can
    go no further: one letter leaves at once, without being asked for, and says that, and where she can go, free of charge.
    """
    at.give_to("handler")
    received = folded(at.row).first_received
    if at.slug == "netservers":
        assert "The phone is the quickest way to a solution." in Visitor().get(at.portal("code")).main
    refuses(at)
    for number, role in enumerate(PATH[at.slug], 1):
        at.do("escalate", "Escalate", why="she is not satisfied")
        case = folded(at.row)
        assert (case.stage_role, case.first_received) == (role, received), "it climbs, and loses no date"
        assert role in letters(at.row, "escalation")[number - 1]
        assert role in at.visitor().get(at.case_at()).main
    refuses(at, "Still no.")
    assert letters(at.row, "adr-letter") == []
    at.do("deadlock", "Declare deadlock", role="manager", position="We can refund no more than the month.")
    assert folded(at.row).state is State.DEADLOCKED
    (told,) = letters(at.row, "adr-letter")
    assert "We can refund no more than the month." in told
    assert "free" in told
    leaves(at.row)
    assert folded(at.row).state is State.ADR_LETTER_SENT
    for clause in ("N-cannot-resolve", "N-deadlock", "O-deadlock", "I-final"):
        assert owed(at.row, clause) == [], "the one letter says that too"


@of("opus")
def test_a_closed_case_that_did_not_satisfy_is_opened_again_with_its_first_date(at: Office) -> None:
    """O-reopen: closed on her word, she writes that it is off again; it is open, and counts from 2 November."""
    at.give_to("handler")
    at.do("close", "Close the case", evidence="customer confirmed", words="On the phone: it works.")
    assert folded(at.row).state is State.CLOSED
    ann, page = portal(at, at.row)
    ann.press(page, "Send the message", words="It is off again.")
    case = folded(at.row)
    assert case.closed is None
    assert case.first_received == london("2026-11-02 09:00")
    assert promise(at.row, "adr-letter").due == london("2026-12-14 00:00")
    assert len(letters(at.row, "reopened")) == 1


# --- Six weeks -------------------------------------------------------------------------------------------------------


@of("netfuse", "netservers", "opus", "infinity")
def test_six_weeks_after_receipt_the_letter_leaves_by_itself_with_the_scheme_of_today(
    at: Office, settings: Settings
) -> None:
    """N-8-weeks, N-scheme; S-last-step; O-8-weeks, O-tell-rights; I-8-weeks, I-scheme, I-window.

    Each code says 8 weeks or nothing, an old name, or 6 months. By the rule of the day it is Monday 14 December, the scheme
    by its present name, free of charge, and 12 months to go there. The one letter keeps every clause that promises it.
    """
    scheme = "cisas" if at.slug.startswith("netfuse") else "communications-ombudsman"
    SchemeMembership.objects.filter(provider=at.provider).update(scheme=scheme)
    at.give_to("handler")
    goes_on(settings, "2026-12-13 23:59")
    assert letters(at.row, "adr-letter") == []
    goes_on(settings, "2026-12-14 00:00")
    (told,) = letters(at.row, "adr-letter")
    name = "CISAS" if scheme == "cisas" else "Communications Ombudsman"
    assert name in told
    assert "Ombudsman Services: Communications" not in told
    assert "14 December 2027" in told, "12 months"
    assert "free" in told
    leaves(at.row)
    _, page = portal(at, at.row)
    assert "You can take it to an independent scheme now" in page.main
    assert "14 December 2027" in page.main
    there = read(CaseRow.objects.get(pk=at.row.pk))
    asked_for = [c for c in clocks(there.case, there.book) if c.owe is Owed.ADR_LETTER]
    assert all(c.settled is not None for c in asked_for), "one letter settles them all"
    assert ("O-tell-rights" in {c.id for c in asked_for}) is (at.slug == "opus-telecoms")
    goes_on(settings, "2026-12-29 09:00")
    assert len(letters(at.row, "adr-letter")) == 1


# --- Answers in their time -------------------------------------------------------------------------------------------


@of("infinity")
@pytest.mark.parametrize(
    ("channel", "clause", "due", "how"),
    [
        ("letter", "I-letter-10", "2026-11-16 17:30", "write"),
        ("email", "I-email-5", "2026-11-09 17:30", "write"),
        ("phone", "I-call-5", "2026-11-09 17:30", "call"),
    ],
)
def test_each_way_of_complaining_is_answered_in_its_own_time(
    at: Office, settings: Settings, channel: str, clause: str, due: str, how: str
) -> None:
    """I-letter-10, I-email-5, I-call-5: a letter by 16 November, an email and a call by the 9th, each kept by an answer."""
    row, page = contact(at, channel=channel)
    assert promise(row, clause).due == london(due)
    other = {"I-letter-10", "I-email-5", "I-call-5"} - {clause}
    assert all(owed(row, each) == [] for each in other), "and no other time runs"
    day = "16 November" if channel == "letter" else "9 November"
    assert f"Monday {day}" in page.main
    clock(settings, london("2026-11-05 10:00"))
    where, handler = at.at(f"cases/{row.reference}"), at.visitor()
    if how == "write":
        handler.press(handler.get(f"{where}/write"), "Send it", purpose="reply", words="We mended it.")
    else:
        handler.press(
            handler.get(f"{where}/call"),
            "Log the call",
            purpose="call back",
            reached="yes",
            words="We mended it.",
        )
    leaves(row)
    kept = promise(row, clause)
    assert kept.settled is not None
    assert kept.standing(london("2026-11-20 09:00")) == "kept"


@of("netfuse", "opus", "infinity")
def test_the_customer_hears_as_often_as_agreed_and_each_letter_names_the_next_day(
    at: Office, settings: Settings
) -> None:
    """N-updates, O-updates, I-timeframes: every 5 working days, from the 2nd to the 9th, and the letter names the 16th.

    What we will do and when, and what Ann can do and when, stands in each.
    """
    at.give_to("handler")
    at.do("introduce", "Record the introduction", channel="phone", words="I am Hana.")
    at.do("interval", "Agree this", working_days="5")
    clause = {"netfuse": "N-updates", "opus-telecoms": "O-updates", "infinity-group": "I-timeframes"}
    own = next(v for k, v in clause.items() if at.slug.startswith(k))
    assert promise(at.row, own).due == london("2026-11-09 17:30")
    goes_on(settings, "2026-11-09 10:00")
    assert "Tell the customer how it stands" in at.visitor().get(at.case_at()).main
    at.do("write", "Send it", purpose="update", words="The part is ordered.")
    (told,) = letters(at.row, "update")
    assert "What we will do, and when" in told
    assert "What you can do, and when" in told
    assert "By Monday 16 November 2026" in told
    leaves(at.row)
    assert promise(at.row, own).standing(london("2026-11-10 09:00")) == "kept"
    assert promise(at.row, f"{own}#2").due == london("2026-11-16 17:30")


@of("opus")
@pytest.mark.parametrize("way", ["email", "letter"])
def test_details_and_reference_are_confirmed_the_way_that_the_customer_prefers(at: Office, way: str) -> None:
    """O-confirm: after a call, by email, or by letter to whoever would rather have one."""
    row, _ = contact(
        at, channel="phone", phone="01632 960812", address="1 High Street\nHove\nBN3 1AA", prefers=way
    )
    sent = Outgoing.objects.get(case=row, letter="acknowledgement")
    assert sent.channel == way
    words = " ".join(sent.text.split())
    for detail in (row.reference, "Jo Field", "01632 960812", "jo@example.com"):
        assert detail in words
    leaves(row)
    assert owed(row, "O-confirm") == []


# --- Copies and formats, and why a date is what it is ----------------------------------------------------------------


@of("netfuse", "opus", "infinity")
def test_whoever_asks_for_the_code_has_it_in_their_format_free_of_charge(
    at: Office, settings: Settings
) -> None:
    """N-formats, O-formats, O-copy, I-copy: asked for in the portal, in Braille, by post; over when it has left.

    Bo asks on Monday 2 November; the letter is posted, a colleague embosses the code and says on the 4th that it has left.
    """
    bo = Visitor()
    page = bo.press(
        bo.get(at.portal("copy")), "Send me a copy", wanted="Braille", prefers="letter", name="Bo Bell",
        address="4 Elm Row\nExeter\nEX1 1AA",
    )  # fmt: skip
    row = newest()
    assert row.reference in page.words
    assert {c.id for c in running(row)}.isdisjoint({"adr-letter"}), "it is no complaint"
    (letter,) = letters(row, "copy-of-code")
    assert "It costs you nothing." in letter
    leaves(row)
    clock(settings, london("2026-11-04 10:00"))
    where, hana = at.at(f"cases/{row.reference}"), at.visitor()
    assert "in Braille" in hana.get(where).main
    assert folded(row).closed is None, "the Braille has not left"
    hana.press(hana.get(f"{where}/format-sent"), "Save", how="Embossed, and posted.")
    closed = folded(row).closed
    assert closed is not None
    assert closed.evidence == "copy sent"


@of("opus")
def test_every_date_on_a_case_says_why_it_is_that_day(at: Office) -> None:
    """A-why: the rule, what was counted and which days were left out stand on the case, for each of its dates."""
    at.give_to("handler")
    page = at.visitor().get(at.case_at())
    whys = [" ".join(x.text_content().split()) for x in page.doc.xpath('//ul[@class="why"]')]
    assert all(whys), "no date stands without its reasons"
    assert len(whys) >= len(running(at.row))
    law = next(w for w in whys if "CH-08" in w)
    assert "2 November 2026" in law
    assert any("Counted Tuesday 3 November 2026 08:30 to 17:30: 9 hours" in w for w in whys)


@of("opus")
def test_what_was_a_complaint_is_decided_on_each_contact_by_name(at: Office) -> None:
    """A-was-it-a-complaint: it is owed until somebody says so, and that it is none needs a reason."""
    assert owed(at.row, "A-was-it-a-complaint") == [Action.DECIDE_COMPLAINT]
    (first,) = folded(at.row).contacts
    page = at.do("decide", "Save the decision", contact=first.id, complaint="no")
    assert page.status == 422, "that it is none needs a reason"
    page = at.do("decide", "Save the decision", contact=first.id, complaint="yes")
    assert "Handler found that this was a complaint" in page.main
    assert owed(at.row, "A-was-it-a-complaint") == []
    assert folded(at.row).complaint is True


def running(row: CaseRow) -> list[Clock]:
    there = read(CaseRow.objects.get(pk=row.pk))
    return [c for c in clocks(there.case, there.book) if c.running]
