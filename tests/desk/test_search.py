"""Promises of the search by words: what was written on a case finds it, for its own provider alone, whatever is typed."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from amends.core import facts as f
from amends.desk import search, words
from amends.desk.customers import book
from amends.desk.erasure import Erased, erase_private
from amends.desk.models import Account, CaseRow, CaseWords, CustomerRow, Provider, Service
from amends.desk.refold import refold
from tests.desk.made import MONDAY, case, closed, days, provider, tell

pytestmark = pytest.mark.django_db

JO = {
    "name": "Jo Ó Briain-Field",
    "email": "jo.field@example.com",
    "phone": "+44 20 8545 8200",
    "account": "ab-1234",
}


def found(at: Provider, said: str, after: str = "") -> list[str]:
    """The references of a page of what is found."""
    page = search.find(CaseRow.objects.filter(provider=at), at.pk, said, after)
    return [result.reference for result in page.results]


@pytest.fixture
def at() -> Provider:
    return provider()


@pytest.fixture
def row(at: Provider) -> CaseRow:
    """Jo's case, among others."""
    case(at)
    made = case(
        at, MONDAY, JO, subject="The crackling line", words="My grandmother’s telephone crackles at night."
    )
    case(at)
    return made


def test_a_surname_of_two_letters_is_found_whole_and_finds_no_longer_name(at: Provider) -> None:
    li = case(at, MONDAY, {"name": "Mei Li", "email": "mei@example.com"})
    case(at, MONDAY, {"name": "Ann Lister", "email": "ann@example.com"})
    assert found(at, "li") == found(at, " LI ") == [li.reference]
    assert [r.reference for r in search.search(CaseRow.objects.filter(provider=at), at.pk, "Li")] == [
        li.reference
    ]
    assert found(at, "l") == []


@pytest.mark.parametrize("said", ["C2001", "c2001", "ACC-77", "acc-77", "BB-9", "020 8545 8299"])
def test_the_cases_of_a_customer_of_the_book_are_found_by_every_number_that_the_book_has_of_them(
    at: Provider, row: CaseRow, said: str
) -> None:
    by: dict[str, Any] = {"by": "7", "now": MONDAY}
    made = book.keep_customer(at, {"name": "Jo Field"}, external="C2001", **by)
    assert isinstance(made, CustomerRow)
    account = book.keep_account(made, "ACC-77", {}, **by)
    assert isinstance(account, Account)
    numbers = {"kind": "telephone", "name": "Line", "numbers": "020 8545 8299"}
    assert isinstance(book.keep_service(made, account, numbers, external="BB-9", **by), Service)
    assert found(at, said) == []
    CaseRow.objects.filter(pk=row.pk).update(customer=made.pk)
    assert found(at, said) == [row.reference]
    assert [r.reference for r in search.search(CaseRow.objects.filter(provider=at), at.pk, said)] == [
        row.reference
    ]
    other = provider("opus")
    CaseRow.objects.filter(pk=case(other).pk).update(customer=made.pk)
    assert found(other, said) == [], "the book of one provider finds nothing at another"


@pytest.mark.parametrize(
    "said",
    ["crackles", "CRACKLES!", "telephone night", "grandmother's telephone", "granny OR night", "crackling lines",
     "o briain-field", "ó briain", "example com field", "teleph"],
)  # fmt: skip
def test_a_case_is_found_by_the_words_on_it(at: Provider, row: CaseRow, said: str) -> None:
    assert (row.reference in found(at, said)) is (said != "granny OR night"), "every word must stand on it"
    assert len(found(at, said)) == (said != "granny OR night")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (f.NoteAdded, {"words": "He mentioned the heliograph"}),
        (
            f.ContactMade,
            {"contact": "c", "channel": "phone", "purpose": "update", "words": "About the heliograph."},
        ),
        (f.FindingsRecorded, {"words": "A heliograph was connected"}),
        (f.DeadlockDeclared, {"position": "Heliographs are not covered."}),
        (f.OutcomeProposed, {"outcome": "o", "channel": "phone", "words": "We replace the heliograph."}),
        (f.PartyAdded, {"role": "carer", "name": "Mr Heliograph"}),
        (f.CustomerKnown, {"address": "Heliograph House\nHG1 1AA"}),
    ],
)
def test_whatever_a_person_wrote_later_finds_the_case_too(
    at: Provider, row: CaseRow, kind: type[f.Fact], said: dict[str, Any]
) -> None:
    assert found(at, "heliograph") == []
    tell(row, MONDAY + days(1), kind, **said)
    assert found(at, "heliograph") == [row.reference]
    assert found(at, "crackles") == [row.reference], "and what stood there before still does"
    assert refold(check=True, now=MONDAY).wrong == []


@pytest.mark.parametrize(
    "said", ["020 8545 8200", "02085458200", "+44 20 8545-8200 crackles", "(020) 85458200"]
)
def test_a_number_in_any_spacing_finds_what_was_written_in_another(at: Provider, said: str) -> None:
    row = case(at, MONDAY, words="It crackles. Ring me on 0 2085 458200, my neighbour's.")
    assert found(at, said) == [row.reference]


def test_words_that_stand_side_by_side_come_first_then_the_newest(at: Provider) -> None:
    apart = case(at, MONDAY, words="The green box. Beside it, a router.")
    together = case(at, MONDAY, words="A green router.")
    newer_apart = case(at, MONDAY, words="A router; it is painted green.")
    newer = case(at, MONDAY, words="Green router again.")
    assert found(at, "green router") == [r.reference for r in (newer, together, newer_apart, apart)]


def test_a_customer_of_that_name_stands_before_one_who_only_wrote_it(at: Provider) -> None:
    named = case(at, MONDAY, {"name": "Rowan Ashdown"})
    wrote = case(at, MONDAY, words="Ashdown told me to write to you.")
    assert found(at, "ashdown") == [named.reference, wrote.reference]


def test_pages_turn_by_key_and_show_each_case_once(at: Provider) -> None:
    rows = [case(at, MONDAY, words="A blue lamp." if n % 2 else "A lamp, and blue.") for n in range(50)]
    rows.append(case(at, MONDAY, {"name": "Blue Lamp"}))
    seen: list[str] = []
    after = ""
    for _page in range(9):
        page = search.find(CaseRow.objects.filter(provider=at), at.pk, "blue lamp", after)
        seen += [result.reference for result in page.results]
        after = page.onward
        if not after:
            break
    assert sorted(seen) == sorted({row.reference for row in rows})


def test_another_providers_cases_are_not_found_even_where_the_list_would_hold_them(
    at: Provider, row: CaseRow
) -> None:
    other = provider("opus")
    theirs = case(other, MONDAY, JO, words="It crackles here too.")
    everybody = CaseRow.objects.all()
    for said in ("crackles", "crackles here"):
        mine = {r.reference for r in search.find(everybody, at.pk, said).results}
        assert theirs.reference not in mine
    assert [r.reference for r in search.find(everybody, other.pk, "crackles too").results] == [
        theirs.reference
    ]


HOSTILE = (
    '"', "'", '""', "NEAR(a b)", "crackles NEAR/2 night", "words : crackles", "provider_id:opus", "crackles*", "*",
    "^crackles", "crackles -night", "(crackles", "a AND", "OR", "NOT", "{", "\0", "crackles\0night", "%", "_", "\\",
    "'; drop table x", "&|!:*",
    "crackles:*", "<->", "\ud800", "𓀀", "ﷺ", "x" * 10_000, "crackles " * 2_000, "- - -", "𝕔𝕣𝕒𝕔𝕜𝕝𝕖𝕤",
)  # fmt: skip


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_is_typed_means_anything_but_words(at: Provider, row: CaseRow, said: str) -> None:
    other = provider("opus")
    case(other, MONDAY, words="crackles night opus")
    assert set(found(at, said)) <= {row.reference}


@given(said=st.text(max_size=80))
def test_any_text_at_all_is_only_words(said: str) -> None:
    for word in words.plain(said):
        assert word.isalnum()
        assert "\0" not in word
        assert word == word.casefold()


@pytest.mark.parametrize("said", ["", " ", "the", "and the of", "a", "it is", "!!", "zz"])
def test_words_that_say_nothing_find_nothing(at: Provider, row: CaseRow, said: str) -> None:
    assert found(at, said) == []


def test_erasing_a_case_takes_its_words_out_of_the_index(at: Provider, row: CaseRow) -> None:
    closed(row, MONDAY + days(1))
    done = erase_private(CaseRow.objects.get(pk=row.pk), why="asked", by="7", now=MONDAY + days(2))
    assert isinstance(done, Erased), done
    assert found(at, "crackles") == []
    assert found(at, "02085458200") == []
    kept = CaseWords.objects.get(case=row.pk).words
    assert kept == " ".join(words.plain(row.reference)), "the reference alone is left"
    assert refold(check=True, now=MONDAY).wrong == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT group_concat(hex(block)) FROM desk_words_index_data")
            [index] = cursor.fetchone()
        assert b"grandmoth".hex().upper() not in index, "and the index itself has forgotten them"
        assert b"down".hex().upper() in index or b"internet".hex().upper() in index


def test_a_long_story_is_kept_up_to_its_limit_and_rebuilt_the_same(at: Provider) -> None:
    row = case(at, MONDAY, words="begins " + "x1 " * 30_000)
    for n in range(12):
        long = " ".join(f"word{n}x{i}" for i in range(4_000))
        tell(row, MONDAY + timedelta(hours=n + 1), f.NoteAdded, words=long)
    assert len(CaseWords.objects.get(case=row.pk).words) == words.LONGEST
    assert refold(check=True, now=MONDAY).wrong == []


def test_words_that_went_awry_are_found_and_set_right(at: Provider, row: CaseRow) -> None:
    CaseWords.objects.filter(case=row.pk).update(words="something else")
    [wrong] = refold(check=True, now=MONDAY).wrong
    assert (wrong.reference, wrong.column) == (row.reference, "words")
    assert "crackles" not in f"{wrong.stands} {wrong.should}", "and nobody's words are printed"
    refold(check=False, now=MONDAY)
    assert found(at, "crackles") == [row.reference]
    CaseWords.objects.all().delete()
    assert found(at, "crackles") == []
    refold(check=False, now=MONDAY)
    assert found(at, "crackles") == [row.reference]
    assert refold(check=True, now=MONDAY).wrong == []


def test_an_index_that_lost_its_words_is_found_and_made_anew(at: Provider, row: CaseRow) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO desk_words_index(desk_words_index) VALUES ('delete-all')")
        else:
            # A generated column: no statement can take words out of the index and leave them in the row.
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute("UPDATE desk_casewords SET lexemes = ''::tsvector")
            assert found(at, "crackles") == [row.reference]
            return
    assert found(at, "crackles") == []
    assert [w.column for w in refold(check=True, now=MONDAY).wrong] == ["index of words"]
    refold(check=False, now=MONDAY)
    assert found(at, "crackles") == [row.reference]
    assert refold(check=True, now=MONDAY).wrong == []


def test_every_private_field_is_searched_or_has_a_reason_not_to_be() -> None:
    """A new kind of fact makes somebody think about it."""
    why_not = {
        "message_digest": "a digest", "files": "digests", "backdated_why": "about us", "counted_how": "about us",
        "consent": "tells of health", "format": "tells of health", "how": "about a check, or of health",
        "file": "a digest", "digests": "digests", "needs": "tells of health", "priority": "tells of health",
    }  # fmt: skip
    why_not_here = {
        (f.ReceiptCorrected, "why"), (f.ComplaintDecided, "why"), (f.PartyAdded, "why"), (f.LetterFate, "why"),
        (f.FormatOrdered, "why"), (f.AdrExcepted, "why"), (f.HandlerAssigned, "why"),
        (f.PersonalDataFound, "why"), (f.SchemeLimitsFound, "why"),
        # What is asked for stands on the fact that does it; a sum and what it is for are no words to look for.
        (f.ApprovalAsked, "details"), (f.AwardPrepared, "arithmetic"), (f.AwardPrepared, "covers"),
    }  # fmt: skip
    for kind in f.KINDS.values():
        for name in (each.name for each in fields(kind) if each.metadata.get("private")):
            searched = name in words.FOUND_BY.get(kind, ())
            assert searched or name in why_not or (kind, name) in why_not_here, f"{kind.KIND}: {name}"
