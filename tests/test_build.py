"""A code file compiles to what it says and to nothing else; every mistake in it is told at once."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core import schema
from amends.core.build import build
from amends.core.check.breaks import BREAKS, DOUBTS
from amends.core.code import (
    Channel,
    Code,
    CustomerKind,
    DeadlockRoute,
    Owed,
    Period,
    Reached,
    StageKind,
    Trigger,
    Unit,
    Unless,
)
from amends.core.periods import LONGEST, PeriodMistake, Reading, parse_period, periods_in
from amends.core.problems import Severity
from amends.core.renderings import closed_lists
from amends.core.shapes import sections
from tests.bad_reports import GOOD

HEAD = "code: small\nprovider: small\nprovider name: Small\ntitle: How to complain\nnation: scotland\n"


def built(text: str) -> Code:
    code, problems = build(text, "code.yaml")
    assert code is not None, problems
    return code


def every_shape() -> Code:
    return built((GOOD / "every-shape.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("48 hours", 48, Unit.HOURS),
        ("1 hour", 1, Unit.HOURS),
        ("8 working hours", 8, Unit.WORKING_HOURS),
        ("twelve office hours", 12, Unit.WORKING_HOURS),
        ("ten working days", 10, Unit.WORKING_DAYS),
        ("10 business days", 10, Unit.WORKING_DAYS),
        ("next working day", 1, Unit.WORKING_DAYS),
        ("within five working days.", 5, Unit.WORKING_DAYS),
        ("28 calendar days", 28, Unit.CALENDAR_DAYS),
        ("forty-two calendar days", 42, Unit.CALENDAR_DAYS),
        ("eight weeks", 8, Unit.WEEKS),
        ("a week", 1, Unit.WEEKS),
        ("fortnight", 0, None),
        ("a fortnight", 2, Unit.WEEKS),
        ("2 months", 2, Unit.MONTHS),
        ("0 weeks", 0, None),
        (f"{LONGEST} weeks", LONGEST, Unit.WEEKS),
        (f"{LONGEST + 1} weeks", 0, None),
        ("9" * 5000 + " weeks", 0, None),
        ("5 to 10 working days", 0, None),
        ("1.5 hours", 0, None),
        ("two years", 24, Unit.MONTHS),
        ("1½ years", 0, None),
        ("30 minutes", 0, None),
        ("soon", 0, None),
        ("as quickly as possible", 0, None),
        ("10", 0, None),
        ("", 0, None),
    ],
)
def test_a_length_of_time_is_read_or_refused_and_never_guessed(
    text: str, amount: int, unit: Unit | None
) -> None:
    read = parse_period(text)
    if unit is None:
        assert isinstance(read, PeriodMistake)
        assert read.mend
    else:
        assert read == Reading(Period(amount, unit))


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("10 days", Period(10, Unit.CALENDAR_DAYS)),
        ("24 working hours", Period(24, Unit.WORKING_HOURS)),
        ("seventy-two office hours", Period(72, Unit.WORKING_HOURS)),
    ],
)
def test_what_can_be_meant_in_two_ways_is_counted_as_documented_and_doubted(
    text: str, counted: Period
) -> None:
    read = parse_period(text)
    assert isinstance(read, Reading)
    assert read.period == counted
    assert str(counted.amount) in read.doubt


@given(st.integers(1, LONGEST), st.sampled_from(Unit))
def test_a_period_reads_back_as_it_prints(amount: int, unit: Unit) -> None:
    period = Period(amount, unit)
    read = parse_period(str(period))
    assert isinstance(read, Reading)
    assert read.period == period
    assert [found for found, _, _ in periods_in(f"You wait {period} at most.")] == [period]


@given(st.text(max_size=40))
def test_no_words_make_the_reading_of_a_period_raise(text: str) -> None:
    assert isinstance(parse_period(text), Reading | PeriodMistake)


def test_a_clause_runs_as_it_is_written() -> None:
    code = built(
        HEAD
        + "clauses:\n  - id: S-a\n    says: We reply within ten working days.\n    when: message received\n"
        + "    owe: reply\n    within: ten working days\n    on: [post, web form]\n    customers: residential\n"
        + "    unless: settled on first contact\n"
    )
    (promise,) = code.promises
    assert (promise.clause, promise.when, promise.owe) == ("S-a", Trigger.MESSAGE_RECEIVED, Owed.REPLY)
    assert promise.within == Period(10, Unit.WORKING_DAYS)
    assert promise.channels == frozenset({Channel.LETTER, Channel.FORM})
    assert promise.customers == frozenset({CustomerKind.RESIDENTIAL})
    assert promise.unless == {Unless.SETTLED_FIRST_CONTACT}
    assert promise.within_where is not None
    assert promise.within_where.line == 11


def test_a_promise_without_words_is_printed_as_it_runs() -> None:
    clause = every_shape().clause("E-both")
    assert clause is not None
    assert clause.says == "When you contact us, by form or letter, we answer you within 1 working day."


def test_a_stage_promises_from_the_moment_that_it_is_reached() -> None:
    code = every_shape()
    promise = next(promise for promise in code.promises if promise.clause == "E-director")
    assert (promise.stage, promise.when, promise.owe) == (2, Trigger.ESCALATION_ASKED, Owed.WRITTEN_RESPONSE)
    assert code.stages[2].reached == {Reached.PROVIDER_DECIDES, Reached.CUSTOMER_ASKS}
    assert code.stages[0].kind is StageKind.TEAM
    assert code.stages[0].reached == {Reached.START}
    assert code.stages[1].kind is StageKind.PERSON
    assert code.stages[1].reached == {Reached.NOT_SATISFIED, Reached.CUSTOMER_ASKS}


def test_every_shape_of_value_arrives() -> None:
    code = every_shape()
    assert (code.in_force_from, code.in_force_until) == (date(2026, 11, 1), date(2027, 12, 31))
    assert code.working_week == {0, 1, 2, 3, 4, 5}
    assert (code.version, code.note) == ("2", "")
    values = {(point.channel, point.value, point.hours, point.recommended) for point in code.contacts}
    assert (Channel.PHONE, "01632 960111", "office", False) in values
    assert (Channel.PHONE, "01632 960112", "nights", True) in values
    assert (Channel.LETTER, "Every Shape\n1 Square\nBT1 1AA", "office", False) in values
    assert (Channel.LETTER, "Sales\n2 Square\nBT1 1AB", None, False) in values
    assert (Channel.PHONE, "", None, False) in values
    assert {point.recording for point in code.contacts} == {"Calls are recorded.", "Not recorded.", ""}
    adr = code.dispute_resolution
    assert adr is not None
    assert (adr.after, adr.window) == (Period(42, Unit.CALENDAR_DAYS), Period(12, Unit.MONTHS))
    assert (adr.deadlock, adr.deadlock_id, adr.window_id) == (DeadlockRoute.SENT, "E-deadlock", "E-window")
    assert (adr.cannot_take, adr.can_do) == (("court cases", "fraud"), ("an apology",))
    assert code.closing is not None
    assert (code.closing.silence, code.closing.silence_notices) == (True, 3)
    assert code.closing.silence_apart == Period(3, Unit.WEEKS)
    assert (code.copy_id, code.copy_free, code.data_protection_id) == ("E-copy", True, "E-data")
    assert code.paid_as == "a credit"
    assert code.refers_to == (("Code of practice", "every.example/code"),)


def test_clauses_stand_in_the_order_of_the_file_wherever_they_are_written() -> None:
    text = (GOOD / "every-shape.yaml").read_text("utf-8")
    written = re.findall(r"\bid: ([\w-]+)", text)
    assert [clause.id for clause in built(text).clauses] == written


def test_a_section_holds_until_the_next_one() -> None:
    code = every_shape()
    assert {clause.section for clause in code.clauses if clause.id in ("E-words", "E-agreed")} == {
        "First things"
    }


def test_a_code_that_speaks_of_a_deadlock_letter_promises_it() -> None:
    for sent, promised in (("sent without being asked", True), ("mentioned", True), ("on request", False)):
        code = built(HEAD + f"dispute resolution: {{id: S-adr, deadlock letter: {sent}}}\n")
        assert any(promise.owe is Owed.ADR_LETTER for promise in code.promises) is promised


def test_the_short_form_and_the_long_form_are_the_same() -> None:
    short = HEAD + "dispute resolution: {id: S, scheme: CISAS, window: 1 month, cannot take: [a, b]}\n"
    long = (
        HEAD
        + "dispute resolution: {id: S, scheme: {name: CISAS}, window: {within: 1 month}, cannot take: {list: [a, b]}}\n"
    )
    one, other = built(short).dispute_resolution, built(long).dispute_resolution
    assert one is not None
    assert other is not None
    assert (one.window, one.cannot_take) == (other.window, other.cannot_take)
    assert one.scheme is not None
    assert other.scheme is not None
    assert one.scheme.name == other.scheme.name == "CISAS"


def test_not_stated_is_the_same_as_leaving_out() -> None:
    optional = [key.name for key in schema.CODE.keys if not key.required and key.name != "opening hours"]
    said = built(HEAD + "".join(f"{key}: not stated\n" for key in optional))
    silent = built(HEAD)
    for field in (
        "clauses",
        "promises",
        "stages",
        "closing",
        "dispute_resolution",
        "contacts",
        "in_force_from",
        "note",
    ):
        assert getattr(said, field) == getattr(silent, field)


def test_every_mistake_is_told_at_once_and_in_the_order_of_the_file() -> None:
    code, problems = build(
        "code: two words\nprovider: small\ntitle: x\nnation: france\nin force from: soon\nworking day: nights\n"
        "clauses:\n  - {id: S-a, says: x, within: soon}\n  - {id: S-a}\n  - {says: x}\nformat: {}\n",
        "code.yaml",
    )
    assert code is None
    assert [problem.where for problem in problems] == sorted(problem.where for problem in problems)
    assert {problem.rule for problem in problems} == {
        "BAD_NAME", "MISSING_KEY", "UNKNOWN_WORD", "BAD_DATE", "UNKNOWN_HOURS", "HALF_PROMISE", "BAD_PERIOD",
        "DUPLICATE_ID", "EMPTY_CLAUSE", "UNKNOWN_KEY",
    }  # fmt: skip
    for problem in problems:
        assert problem.why
        assert problem.mend


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ("formats: {id: S, ofered: [Braille]}", "Did you mean 'offered'?"),
        ("working_day: office", "Did you mean 'working day'?"),
        ("Serves: residential", "Did you mean 'serves'?"),
        ("within: 5 working days", "'within' belongs in: clause, stage, window, copy."),
        (
            "clauses: [{id: S, says: x, when: complaint receved, owe: reply}]",
            "Did you mean 'complaint received'?",
        ),
        ("serves: companies", "Pick one of: residential; small-business"),
    ],
)
def test_a_slip_is_met_with_what_was_meant(line: str, mend: str) -> None:
    _, problems = build(f"{HEAD}{line}\n", "code.yaml")
    assert [mend in problem.mend for problem in problems] == [True]


def test_a_broken_code_never_loads_and_a_doubtful_one_does() -> None:
    doubtful = HEAD + "clauses: [{id: S, when: complaint received, owe: reply, within: 10 days}]\n"
    code, (problem,) = build(doubtful, "code.yaml")
    assert code is not None
    assert problem.severity is Severity.WARNING
    assert build(doubtful + "nonsense: 1\n", "code.yaml")[0] is None


def test_the_same_text_has_the_same_fingerprint_and_another_has_not() -> None:
    assert built(HEAD).fingerprint == built(HEAD).fingerprint
    assert built(HEAD).fingerprint != built(HEAD + "# a comment\n").fingerprint


_KEYS = sorted({key.name for section in sections(schema.CODE) for key in section.keys})
_VALUES = st.recursive(
    st.sampled_from(
        ["", "x", "5 working days", "yes", "not stated", "reply", "complaint received", "2026-11-20", "10"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4).map(
            lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"
        ),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=6))
def test_whatever_stands_under_the_keys_there_is_a_code_or_a_broken_problem(values: dict[str, str]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in values.items())
    code, problems = build(text, "code.yaml")
    assert (code is None) == any(problem.severity is Severity.BROKEN for problem in problems)
    assert all(problem.rule in BREAKS or problem.rule in DOUBTS for problem in problems)


def test_every_entry_of_every_closed_list_has_a_meaning() -> None:
    lists = {word.list_name: word for word in closed_lists(schema.CODE)}
    for name, enum in (
        ("list of starting moments", Trigger),
        ("list of what can be owed", Owed),
        ("list of exceptions", Unless),
        ("list of channels", Channel),
        ("list of customers", CustomerKind),
        ("list of kinds of stage", StageKind),
        ("list of ways to a stage", Reached),
        ("list of ways to a deadlock letter", DeadlockRoute),
    ):
        assert [word for word, means in lists[name].words if means] == [entry.value for entry in enum]
