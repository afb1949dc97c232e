"""A mail joins only the case that it provably belongs to, and never a stranger's (L21, L23; design: Joining)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core import facts as f
from amends.desk import ledger, tokens
from amends.desk.address import Address
from amends.desk.inbox import Received
from amends.desk.joining import CASES_A_DAY, suggestions
from amends.desk.message import read_message
from amends.desk.models import CaseRow, Outgoing, Provider, RoleName
from tests.desk.made import MONDAY, closed, person, provider, tell
from tests.desk.mails import LATER, answer_to, case_of, kept, last_letter, mail, take

pytestmark = pytest.mark.django_db


def contacts(row: CaseRow) -> list[f.ContactReceived]:
    return [fact for fact in ledger.load([row.pk])[row.pk] if isinstance(fact, f.ContactReceived)]


def opened(at: Provider, now: datetime = MONDAY) -> CaseRow:
    return case_of(take(at, now=now), at)


def waits(received: Received, because: str) -> bool:
    """It waits for a person, belongs to no case, and nothing went out for it."""
    held = kept(received)
    return (received.case, received.new, received.state, held.case) == (None, False, "held", None) and (
        because in received.reason
    )


def test_an_answer_to_our_signed_address_joins_its_case() -> None:
    """A-any-channel, by token."""
    at = provider()
    row = opened(at)
    joined = take(at, mail("Still down.", to=answer_to(row), subject="Something else"), LATER)
    assert (joined.case, joined.new, joined.state) == (row.reference, False, "filed")
    assert [c.words.strip() for c in contacts(row)] == ["My internet is down.", "Still down."]
    assert CaseRow.objects.count() == 1
    assert Outgoing.objects.count() == 1, "the acknowledgement of the first mail, and no other"


def test_a_mail_program_may_write_the_address_in_capitals() -> None:
    at = provider()
    row = opened(at)
    assert take(at, mail(to=answer_to(row).upper()), LATER).case == row.reference


def test_an_answer_in_the_thread_of_our_letter_joins_without_the_address() -> None:
    """A-any-channel, by thread."""
    at = provider()
    row = opened(at)
    ours = last_letter(row).message_id
    answer = mail(
        "And another thing.", References=f"<x@elsewhere.example> {ours}", In_Reply_To="<x@elsewhere.example>"
    )
    assert take(at, answer, LATER).case == row.reference


def test_an_answer_in_the_thread_of_their_own_mail_joins() -> None:
    at = provider()
    row = case_of(take(at, mail(message_id="first@example.org")), at)
    assert take(at, mail("More.", In_Reply_To="<first@example.org>"), LATER).case == row.reference


def test_a_representative_who_was_made_a_party_joins() -> None:
    at = provider()
    row = opened(at)
    tell(
        row,
        MONDAY,
        f.PartyAdded,
        role="representative",
        name="Bob",
        email="Bob@Example.ORG",
        why="signed letter",
    )
    assert take(at, mail(sender="bob@example.org", to=answer_to(row)), LATER).case == row.reference


@pytest.mark.parametrize("way", ["address", "thread"])
def test_a_stranger_with_our_address_or_thread_waits_and_gets_nothing(way: str) -> None:
    at = provider()
    row = opened(at)
    ours = last_letter(row).message_id
    pointing: dict[str, Any] = {"to": answer_to(row)} if way == "address" else {"In_Reply_To": ours}
    received = take(at, mail("Send me the file.", sender="eve@evil.example", **pointing), LATER)
    assert waits(received, "no party")
    assert len(contacts(row)) == 1
    assert Outgoing.objects.count() == 1
    held = read_message(bytes(kept(received).raw))
    assert suggestions(at.pk, held) == (row.pk,)


def test_being_on_copy_grants_nothing() -> None:
    at = provider()
    row = case_of(take(at, mail(Cc="carol@example.com")), at)
    assert waits(take(at, mail(sender="carol@example.com", to=answer_to(row)), LATER), "no party")


def test_an_address_that_only_looks_like_ours_waits() -> None:
    at = provider()
    opened(at)
    assert waits(
        take(at, mail(to=f"complaints+{'a' * 24}@example.net"), LATER), "none that this desk has made"
    )


def test_an_address_of_another_provider_of_this_desk_joins_nothing() -> None:
    here, there = provider("opus"), provider("netfuse")
    row = opened(there)
    assert waits(take(here, mail(to=answer_to(row)), LATER), "none that this desk has made")
    assert len(contacts(row)) == 1


def test_a_thread_of_another_provider_of_this_desk_opens_a_case_of_its_own() -> None:
    here, there = provider("opus"), provider("netfuse")
    row = opened(there)
    received = take(here, mail(In_Reply_To=last_letter(row).message_id), LATER)
    assert received.new
    assert case_of(received, here).provider == here


@pytest.mark.parametrize("sender", ["ann@example.org", "eve@evil.example"])
def test_a_reference_in_the_subject_joins_nothing_whoever_writes_it(sender: str) -> None:
    """A-any-channel: never by subject alone."""
    at = provider()
    row = opened(at)
    received = take(at, mail("What is the balance?", sender=sender, subject=f"Re: {row.reference}"), LATER)
    assert waits(received, "names the reference")
    assert suggestions(at.pk, read_message(bytes(kept(received).raw))) == (row.pk,)


def test_a_reference_that_was_guessed_wrong_points_at_nothing() -> None:
    at = provider()
    assert take(at, mail(subject="Re: EX-0000-0000")).new


def test_a_mail_that_belongs_to_two_cases_waits() -> None:
    at = provider()
    first, second = opened(at), opened(at, LATER)
    received = take(at, mail(to=answer_to(first), In_Reply_To=last_letter(second).message_id), LATER)
    assert waits(received, "more than one case")


def test_an_address_is_no_identity_so_a_new_mail_opens_a_new_case_and_suggests_the_old() -> None:
    at = provider()
    first = opened(at)
    raw = mail("My bill is wrong.")
    assert take(at, raw, LATER).new
    assert first.pk in suggestions(at.pk, read_message(raw))


def test_an_answer_soon_after_closing_joins_and_somebody_decides_what_it_is() -> None:
    at = provider()
    row = closed(opened(at), MONDAY)
    joined = take(at, mail("Thank you!", to=answer_to(row)), LATER)
    assert (joined.case, joined.new) == (row.reference, False)
    row.refresh_from_db()
    assert row.state == "closed", "thanks reopen nothing (L10)"
    assert any("wrote after the closing" in duty.what for duty in row.duties.all())
    assert row.is_open, "it stands in the queues until somebody has decided"


def test_an_answer_long_after_closing_waits() -> None:
    at = provider()
    row = closed(opened(at), MONDAY)
    within, beyond = MONDAY + timedelta(days=360), MONDAY + timedelta(days=370)
    assert waits(take(at, mail(to=answer_to(row)), beyond), "closed long ago")
    assert take(at, mail(to=answer_to(row)), within).case == row.reference


def test_what_two_people_sign_joins_nothing() -> None:
    at = provider()
    row = opened(at)
    both = mail(sender="ann@example.org, eve@evil.example", to=answer_to(row))
    assert waits(take(at, both, LATER), "not one sender")


@pytest.mark.parametrize("pointing", [True, False])
def test_staff_never_act_by_mail_so_their_address_proves_nothing(pointing: bool) -> None:
    at = provider()
    row = opened(at)
    person(at, RoleName.HANDLER)
    address = f"handler@{at.pk}.example"
    raw = mail(
        "Close it and pay nothing.",
        sender=f"Handler <{address.title()}>",
        to=answer_to(row) if pointing else "x@y.z",
    )
    assert waits(take(at, raw, LATER), "staff never act by mail")
    assert len(contacts(row)) == 1


def test_what_staff_forward_waits_with_its_sender_and_date() -> None:
    at = provider()
    person(at, RoleName.AGENT)
    quoted = "FYI\n\n-----Original Message-----\nFrom: Cy <cy@example.com>\nSent: 28 October 2026 10:14\nTo: us\n\nIt fails."
    received = take(at, mail(quoted, sender=f"agent@{at.pk}.example"))
    assert waits(received, "written by Cy <cy@example.com> on 28 October 2026 10:14")


def test_what_staff_forward_as_an_attachment_waits_with_its_sender_and_date() -> None:
    at = provider()
    person(at, RoleName.AGENT)
    inner = mail("It fails.", sender="cy@example.com")
    head = (
        f"From: agent@{at.pk}.example\r\nTo: us@example.net\r\nMessage-ID: <fwd@x>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="edge"\r\n\r\n--edge\r\nContent-Type: message/rfc822\r\n\r\n'
    )
    received = take(at, head.encode() + inner + b"\r\n--edge--\r\n")
    assert waits(received, "written by cy@example.com on 2026-11-02T09:00:00+00:00")


def test_an_address_that_opens_a_hundred_cases_in_a_day_opens_no_more() -> None:
    at = provider()
    for number in range(CASES_A_DAY):
        assert take(at, mail(subject=f"No {number}")).new
    assert waits(take(at, mail(subject="One more")), "within a day")
    assert take(at, mail(sender="bea@example.org")).new, "another address is another matter"
    assert take(at, mail(subject="Next day"), MONDAY + timedelta(days=1, minutes=1)).new


def test_our_own_address_written_as_a_sender_waits() -> None:
    at = provider()
    at.mailboxes.create(address="complaints@opus.example")
    assert waits(take(at, mail(sender="Complaints+x@OPUS.example")), "colleague")


class TestTheToken:
    @given(st.text(min_size=1, max_size=40), st.integers(0, 2**40 - 2), st.emails())
    def test_names_its_case_and_holds_for_its_party_alone(self, provider: str, case: int, party: str) -> None:
        words = tokens.token(provider, case, party)
        assert tokens.case_of(words) == case
        assert tokens.holds(words, provider, case, party)
        assert not tokens.holds(words, f"{provider}x", case, party)
        assert not tokens.holds(words, provider, case + 1, party)
        assert not tokens.holds(words, provider, case, f"x{party}")

    @given(st.integers(0, 2**40 - 1), st.integers(0, 23), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
    def test_changed_in_one_letter_holds_no_more(self, case: int, place: int, letter: str) -> None:
        words = tokens.token("opus", case, "ann@example.org")
        other = words[:place] + letter + words[place + 1 :]
        found = tokens.case_of(other)
        assert other == words or found is None or not tokens.holds(other, "opus", found, "ann@example.org")

    def test_fits_an_address_and_shows_neither_case_nor_person(self) -> None:
        address = tokens.reply_address("complaints+old@example.net", "opus", 7, "ann@example.org")
        assert address.endswith("@example.net")
        assert address.count("+") == 1
        assert len(address.partition("@")[0]) <= 64
        assert (
            tokens.token("opus", 7, "ann@example.org")[:16] != tokens.token("opus", 8, "ann@example.org")[:16]
        )
        assert tokens.token_in("complaints+sales@example.net") == ""
        assert Address("", address).key == address
