"""Moving in: cases of another system come with their own dates, send nothing, and what is owed is shown and asked about.

L11 (the date is when the complaint came, not when the import ran), L22 (an import writes to nobody), CH-12.
"""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest

from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.case import State
from amends.core.clocks import clocks
from amends.desk.customers import book
from amends.desk.erasure import Erased, erase_private
from amends.desk.evidence import verify
from amends.desk.imports.cases import Cases
from amends.desk.imports.mapping import read as read_mapping
from amends.desk.imports.reading import Unreadable
from amends.desk.imports.running import Result, run
from amends.desk.models import CaseRow, CustomerRow, ImportedCase, ImportRun, Mail, Outgoing, Provider
from amends.desk.opened import read
from amends.desk.providers import release, switch_mail
from amends.desk.refold import refold
from tests.desk.made import provider
from tests.desk.office import NOON, Office

MAPPING = """
source: Zendesk
columns:
  reference: Ticket ID
  first_received: Created at
  channel: Via
  name: Requester
  email: Requester email
  subject: Subject
  closed_on: Solved at
  acknowledged: First reply
  adr_letter: ADR letter
  contact_at: Comment at
  contact_direction: Author
  contact_words: Comment
  customer: Org ID
values:
  channel: {web: form, mail: email, voice: phone}
  contact_direction: {agent: out, end-user: in}
"""
HEAD = (
    "Ticket ID,Created at,Via,Requester,Requester email,Subject,Solved at,First reply,ADR letter,Comment at,Author,"
    "Comment,Org ID"
)
LATE = "1,2026-08-03T09:00:00+01:00,mail,Ann Archer,ann@example.org,No line,,2026-08-04,,,,,"
SENT = "2,03/08/2026,voice,Ben Bell,ben@example.org,Wrong bill,,2026-08-04,14/09/2026,,,,"
OVER = "3,2026-01-05,web,Cy Cole,cy@example.org,Slow,2026-01-20,,,2026-01-06,end-user,Still slow.,"
OVER_2 = "3,2026-01-05,web,Cy Cole,cy@example.org,Slow,2026-01-20,,,2026-01-09,agent,We mended it.,"
NEW = "4,2026-11-02T09:00:00+00:00,mail,Di Dean,di@example.org,Noise,,,,,,,"
FILE = f"{HEAD}\n{LATE}\n{SENT}\n{OVER}\n{OVER_2}\n{NEW}\n"


def bring(at: Provider, text: str = FILE, *, dry: bool = False) -> Result:
    bringer = Cases(at, read_mapping(MAPPING), "test", NOON)
    return run(at, BytesIO(text.encode()), bringer, dry=dry, by="test", now=NOON)


def case_of(number: str) -> CaseRow:
    return CaseRow.objects.get(pk=ImportedCase.objects.get(number=number).case_id)


@pytest.mark.django_db
@pytest.mark.parametrize("mail", [Mail.OFF, Mail.FOLDER])
def test_cases_come_with_their_own_dates_and_nothing_is_sent(mail: Mail) -> None:
    """Four cases on 2 November: one whose letter is long owed, one whose letter went, one closed, one of that morning."""
    at = provider(mail=mail, scheme="cisas")
    assert bring(at).counts == {"new": 4, "changed": 1}
    assert {o.state for o in Outgoing.objects.all()} == {"held"}
    assert {(o.case_id, o.letter) for o in Outgoing.objects.all()} == {
        (case_of("1").pk, "adr-letter"), (case_of("4").pk, "acknowledgement"),
    }  # fmt: skip

    late = read(case_of("1"))
    assert late.row.first_received is not None
    assert london_date(late.row.first_received) == date(2026, 8, 3)
    law = next(c for c in clocks(late.case, late.book) if c.id == "adr-letter")
    assert law.due is not None
    assert london_date(law.due) == date(2026, 9, 14)
    sent = read(case_of("2"))
    assert sent.case.state is State.ADR_LETTER_SENT
    assert sent.case.letters[0].fate_at is not None
    assert london_date(sent.case.letters[0].fate_at) == date(2026, 9, 14)
    over = read(case_of("3"))
    assert over.case.state is State.CLOSED
    assert not over.row.is_open
    assert [(c.inbound, c.words) for c in over.case.contacts[1:]] == [
        (True, "Still slow."),
        (False, "We mended it."),
    ]
    assert [x.source for x in over.facts if isinstance(x, f.CaseImported)] == ["Zendesk"]
    assert verify().whole
    assert refold(check=True, now=NOON).wrong == []


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing_and_a_look_writes_nothing() -> None:
    at = provider()
    looked = bring(at, dry=True)
    assert looked.counts == {"new": 4, "changed": 1}
    assert not CaseRow.objects.exists()
    assert not Outgoing.objects.exists()
    bring(at)
    stands = list(CaseRow.objects.order_by("pk").values())
    assert bring(at).counts == {"same": 5}
    assert list(CaseRow.objects.order_by("pk").values()) == stands


@pytest.mark.django_db
@pytest.mark.parametrize("dry", [True, False])
def test_every_case_that_owes_its_adr_letter_is_named_however_many_contacts_it_has(*, dry: bool) -> None:
    """CH-12: what is owed is known before anything is written, for a case of one row and for one of three."""
    more = [
        f"5,2026-08-10,mail,Eve Ely,eve@example.org,No line,,2026-08-11,,2026-08-{day},end-user,Still down.,"
        for day in (12, 13, 14)
    ]
    at, text = provider(), "\n".join([FILE.strip(), *more]) + "\n"
    bringer = Cases(at, read_mapping(MAPPING), "test", NOON)
    result = run(at, BytesIO(text.encode()), bringer, dry=dry, by="test", now=NOON)
    assert bringer.late == ["1", "5"]
    assert [v.told for v in result.samples if v.key == "5"][-1] == (
        "one more contact; its ADR letter is owed now, and held"
    )
    again = Cases(at, read_mapping(MAPPING), "test", NOON)
    run(at, BytesIO(text.encode()), again, dry=dry, by="test", now=NOON)
    assert again.late == (["1", "5"] if dry else []), "what had come before is not told anew"


@pytest.mark.django_db
def test_what_is_owed_is_shown_by_kind_and_age_and_asked_about(office: Office) -> None:
    """Mail is off, the cases come, mail is switched on: nothing leaves until a person has said so for its kind."""
    bring(office.provider)
    manager = office.visitor("manager")
    page = manager.get(office.at("provider/sending"))
    assert "ADR letter" in page.main
    reference = case_of("1").reference
    assert reference in page.main
    assert switch_mail(office.provider, Mail.FOLDER, by="7", now=NOON) is None
    assert set(Outgoing.objects.filter(case=case_of("1")).values_list("state", flat=True)) == {"held"}
    office.provider.refresh_from_db()
    refused = release(office.provider, {"adr-letter": "drop"}, why="old", by="7", now=NOON)
    assert "cannot be dropped together" in str(refused)
    release(office.provider, {"adr-letter": "send", "acknowledgement": "drop"}, why="old", by="7", now=NOON)
    assert Outgoing.objects.get(case=case_of("1")).state == "ready"
    assert Outgoing.objects.get(case=case_of("4")).state == "withdrawn"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        (",2026-08-03,,,,,,,,,,,", "reference", "missing"),
        ("9,,,,,,,,,,,,", "first_received", "law clocks run from it"),
        ("9,soon,,,,,,,,,,,", "first_received", "is no day"),
        ("9,2027-01-01,,,,,,,,,,,", "first_received", "in the future"),
        ("9,2002-12-31,,,,,,,,,,,", "first_received", "before Wednesday 1 January 2003"),
        ("9,2026-08-03,pigeon,,,,,,,,,,", "channel", "the mapping can say which"),
        ("9,2026-08-03,,,no address,,,,,,,,", "email", "is no email address"),
        ("9,2026-08-03,,,,,2026-08-01,,,,,,", "closed_on", "before the case was first received"),
        ("9,2026-08-03,,,,,,,,,,,ORG-1", "customer", "nobody in the book"),
    ],
)
def test_a_broken_row_is_named_and_leaves_no_case_behind(row: str, field: str, said: str) -> None:
    at = provider()
    result = bring(at, f"{HEAD}\n{row}\n{NEW}\n")
    assert result.counts == {"broken": 1, "new": 1}
    assert [w.field for w in result.broken[0].wrong] == [field]
    assert said in result.broken[0].wrong[0].what
    assert CaseRow.objects.count() == 1


@pytest.mark.django_db
def test_a_case_is_its_customers_where_both_systems_use_the_same_id() -> None:
    at = provider()
    made = book.keep_customer(
        at, {"name": "Org", "kind": "larger-business"}, by="7", now=NOON, external="ORG-1"
    )
    assert isinstance(made, CustomerRow)
    bring(at, f"{HEAD}\n9,2026-08-03,,,,,,,,,,,ORG-1\n")
    assert case_of("9").customer == made.pk
    assert not Outgoing.objects.filter(letter="adr-letter").exists()


@pytest.mark.django_db
def test_an_erased_case_is_not_brought_back() -> None:
    at = provider()
    bring(at, f"{HEAD}\n{OVER}\n")
    done = erase_private(case_of("3"), why="his request", by="7", now=NOON + timedelta(days=1))
    assert isinstance(done, Erased), done
    result = bring(at, f"{HEAD}\n{OVER}\n")
    assert result.counts == {"broken": 1}
    assert "was erased here" in result.broken[0].wrong[0].what


@pytest.mark.django_db
def test_a_case_that_is_erased_twice_is_not_brought_back_either() -> None:
    """Whoever erases a case that goes on as another meets it again when that one is erased."""
    at = provider()
    bring(at, f"{HEAD}\n{OVER}\n")
    row = case_of("3")
    for day in (1, 2):
        done = erase_private(row, why="his request", by="7", now=NOON + timedelta(days=day))
        assert isinstance(done, Erased), done
    result = bring(at, f"{HEAD}\n{OVER}\n")
    assert result.counts == {"broken": 1}
    assert CaseRow.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1, 2", "cannot be read"),
        ("- a", "three parts"),
        ("columns: {reference: a, first_received: b}", "says in `source`"),
        ("source: X\ncolumns: {reference: a}", "no column for: first_received"),
        ("source: X\ncolumns: {reference: a, first_received: b, shoe_size: c}", "shoe_size"),
        ("source: !!python/object/apply:os.system [ls]", "cannot be read"),
    ],
)
def test_a_mapping_that_says_nothing_is_refused(text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_mapping(text)


@pytest.mark.django_db
def test_a_column_that_the_mapping_names_must_be_there() -> None:
    with pytest.raises(Unreadable, match="ticket_id"):
        bring(provider(), "a,b\n1,2\n")
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("dry", [True, False])
def test_an_open_case_that_names_nobody_is_told_by_its_row_and_field_and_is_not_made(*, dry: bool) -> None:
    """Whoever is known by an email alone is somebody, and is said; a closed case of nobody is a record, and is said."""
    nobody = "7,2026-10-26,mail,,,Lost,,,,,,,"
    mailed = "8,2026-10-26,mail,,ed@example.org,Late,,,,,,,"
    past = "9,2026-01-05,mail,,,Old,2026-01-20,,,,,,"
    result = bring(provider(), f"{HEAD}\n{nobody}\n{mailed}\n{past}\n", dry=dry)
    (broken,) = result.broken
    assert (broken.line, [(w.field, "whose case" in w.what) for w in broken.wrong]) == (2, [("name", True)])
    said = {v.key: str(v.wrong[0]) for v in result.warnings}
    assert said == {
        "8": "name: it is empty: their email is what they are known by",
        "9": "name: it is empty: it names nobody",
    }
    assert {x.number for x in ImportedCase.objects.all()} == (set() if dry else {"8", "9"})
