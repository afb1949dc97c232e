"""A customer tells us in the portal that they went to a scheme: it is kept as theirs, and a colleague asks the scheme."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import pytest
from pytest_django import Settings

from amends.core import facts as f
from amends.core import retention
from amends.core.calendar import london_date
from amends.core.care import disconnection
from amends.core.duties import Action, duties
from amends.desk import actions, told_of_scheme
from amends.desk.actions import Actor
from amends.desk.houses import access_code
from amends.desk.models import CaseTally
from amends.desk.opened import read
from amends.desk.record import docket
from amends.desk.refold import refold
from tests.desk.made import MONDAY
from tests.desk.office import NOON, Office, clock
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db
HANA: Final = Actor("7", "Hana", "handler")
LETTER: Final = MONDAY + timedelta(days=57)
LATER: Final = LETTER + timedelta(days=10)
APPLIED: Final = london_date(LATER) - timedelta(days=3)
WORD: Final = "You told us that you took this to an independent scheme, Communications Ombudsman"
ASK: Final = "Have you gone to the scheme? Tell us"


@pytest.fixture
def written(office: Office, settings: Settings) -> Office:
    """The ADR letter went on its day, and ten days are over."""
    clock(settings, LETTER)
    with docket(office.row.pk, now=LETTER) as d:
        d.cases[office.row.pk].add(
            f.LetterBefore(
                at=LETTER, logged=LETTER, letter="adr-letter", channel="email", source="the old desk"
            )
        )
    clock(settings, LATER)
    return office


def ann_at(office: Office) -> tuple[Visitor, Page]:
    ann = Visitor()
    page = ann.get(office.portal("follow"))
    return ann, ann.press(
        page, "See my complaint", reference=office.row.reference, code=access_code(office.row)
    )


def told(office: Office, number: str = "CO-118204", day: date = APPLIED) -> Page:
    ann, _page = ann_at(office)
    return ann.press(ann.get(office.portal("case/scheme")), "Tell us", day=day.isoformat(), number=number)


def owed(office: Office) -> set[str]:
    opened = read(office.fresh())
    return {duty.action for duty in duties(opened.case, opened.book, LATER)}


def test_what_they_tell_is_theirs_and_starts_nothing_that_the_schemes_own_word_starts(
    written: Office,
) -> None:
    ann, page = ann_at(written)
    assert ASK in page.main
    form = ann.get(written.portal("case/scheme"))
    chosen = form.doc.xpath("//input[@name='scheme' and @checked]/@value")
    assert chosen == ["communications-ombudsman"], "the scheme that the letter names"
    page = ann.press(form, "Tell us", day=APPLIED.isoformat(), number=" CO-118204 ")
    assert WORD in page.main
    assert "You gave us its number for it: CO-118204." in page.main
    assert "We ask the scheme next." in page.main
    assert ASK not in page.main
    case = written.case()
    assert case.scheme_told is not None
    assert (london_date(case.scheme_told.applied), case.scheme_told.by) == (APPLIED, f.CUSTOMER)
    assert case.referral is None
    assert CaseTally.objects.get(case=written.row).referred is None, "reports count what schemes received"
    assert owed(written) & {Action.RECORD_REFERRAL, Action.SAY_FILE_DUE, Action.MAKE_FILE} == {
        Action.RECORD_REFERRAL
    }
    assert not refold(check=True, now=LATER).wrong


def test_told_twice_it_is_kept_once_and_other_words_take_its_place(written: Office) -> None:
    told(written)
    told(written)
    assert sum(isinstance(fact, f.SchemeTold) for fact in read(written.fresh()).facts) == 1
    told(written, number="")
    assert sum(isinstance(fact, f.SchemeTold) for fact in read(written.fresh()).facts) == 2
    case = written.case()
    assert case.scheme_told is not None
    assert case.scheme_told.number == ""


def test_the_desk_finds_it_in_the_boxes_and_the_schemes_word_takes_its_place(written: Office) -> None:
    told(written)
    page = written.visitor("handler").get(written.case_at("referred"))
    assert page.doc.xpath("//input[@name='day']/@value") == [APPLIED.isoformat()]
    assert page.doc.xpath("//input[@name='number']/@value") == ["CO-118204"]
    assert "The customer told us what stands here." in page.main
    page = written.do("referred", "Write it down")
    case = written.case()
    assert case.scheme_told is None
    assert case.referral is not None
    assert (case.referral.number, london_date(case.referral.at)) == ("CO-118204", APPLIED)
    assert owed(written) & {Action.RECORD_REFERRAL, Action.SAY_FILE_DUE} == {Action.SAY_FILE_DUE}
    ann, page = ann_at(written)
    assert "You took this to an independent scheme" in page.main
    assert "Tell us" not in page.main
    assert "Nothing to tell us here now" in ann.get(written.portal("case/scheme")).main


def test_a_scheme_that_does_not_have_it_ends_the_wait_and_the_customer_reads_that(written: Office) -> None:
    told(written)
    page = written.do("not-at-scheme", "Write it down", words="Their desk, by phone, today")
    assert "found that the scheme knows of no such dispute" in page.main
    assert Action.RECORD_REFERRAL not in owed(written)
    _ann, page = ann_at(written)
    assert "It does not have your complaint yet." in page.main
    assert "Their desk" not in page.main, "how we know is said among colleagues"
    assert "You can take it to" in page.main, "the way is open still, and until when"
    assert WORD in told(written, "CO-2").main
    assert Action.RECORD_REFERRAL in owed(written)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (london_date(LATER) + timedelta(days=1), "That day is still to come"),
        (london_date(MONDAY) - timedelta(days=1), "That day is before you complained to us"),
    ],
)
def test_a_day_that_cannot_be_is_said_at_its_box(written: Office, day: date, said: str) -> None:
    page = told(written, day=day)
    assert page.status == 422
    assert said in page.main
    assert "CO-118204" in page.doc.xpath("//input[@name='number']/@value")
    assert written.case().scheme_told is None


def test_nobody_tells_it_before_they_can_go_there(office: Office, settings: Settings) -> None:
    clock(settings, NOON)
    ann, page = ann_at(office)
    assert "Tell us" not in page.main
    page = ann.get(office.portal("case/scheme"))
    assert "Nothing to tell us here now" in page.main
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        refusal = told_of_scheme.tell(hand, NOON, scheme="cisas", day=london_date(NOON))
    assert refusal is not None
    assert office.case().scheme_told is None


def test_their_word_holds_what_would_harm_them_and_no_more(written: Office) -> None:
    """BL-02: not cut off while it is disputed. A closed case stays closed, and is not erased or closed on the window."""
    case, book = written.case(), read(written.fresh()).book
    with docket(written.row.pk, now=LATER) as d:
        hand = d.cases[written.row.pk]
        assert actions.close(
            d, hand, HANA, LATER, evidence="customer confirmed", how="recorded by a person", words="She is happy."
        ) is None  # fmt: skip
    today = london_date(LATER)
    assert not disconnection.verdict(disconnection.of_case(written.case(), book, today)).forbidden
    assert retention.holds(written.case()) == ""
    told(written)
    case = written.case()
    assert case.closed is not None, "the way to the scheme is open after it was closed here"
    grounds = disconnection.verdict(disconnection.of_case(case, book, today))
    assert grounds.forbidden
    assert "the customer says that they took it to a scheme" in grounds.grounds[0].why
    assert "nobody has asked the scheme" in retention.holds(case)
    assert Action.RECORD_REFERRAL in owed(written), "on a closed case too"


def test_a_case_is_not_closed_on_its_window_while_the_customer_says_that_a_scheme_has_it(
    written: Office, settings: Settings
) -> None:
    told(written)
    year = LETTER + timedelta(days=400)
    clock(settings, year)
    with docket(written.row.pk, now=year) as d:
        hand = d.cases[written.row.pk]
        refusal = actions.close(d, hand, HANA, year, evidence="ADR letter window run")
        assert refusal is not None
        assert refusal.what == "The customer says that they took it to a scheme"
        assert told_of_scheme.not_found(hand, HANA, year, words="Asked on 1 December") is None
        assert actions.close(d, hand, HANA, year, evidence="ADR letter window run") is None


def test_without_a_letter_they_can_once_the_weeks_are_over_while_it_is_open(
    office: Office, settings: Settings
) -> None:
    """AD-03: a scheme takes it after its weeks, letter or none. What was settled and closed is offered none."""
    clock(settings, LETTER)
    opened = read(office.fresh())
    assert opened.case.closed is None
    assert not opened.case.letters_of("adr-letter")
    assert told_of_scheme.may_tell(opened.case, opened.book, london_date(LETTER))
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        assert actions.close(
            d, hand, HANA, NOON, evidence="customer confirmed", how="recorded by a person", words="She is happy."
        ) is None  # fmt: skip
    opened = read(office.fresh())
    assert not told_of_scheme.may_tell(opened.case, opened.book, london_date(LETTER))
