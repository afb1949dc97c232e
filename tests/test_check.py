"""A code is judged by what it compiles to and by what its words mean, by the law of the day, without false alarms."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.check import RULES, check, judge
from amends.core.check.breaks import BREAKS, DOUBTS
from amends.core.law import Membership
from amends.core.problems import Problem, Severity
from amends.core.source import read
from amends.law import law
from tests.bad_reports import BAD, EXPECTED, GOOD, TODAY, problems_of, renewed
from tests.story import CODES, FIVE

HARBOUR = (GOOD / "harbour.yaml").read_text("utf-8")
BAD_FILES = sorted(BAD.glob("*.yaml"))
CHANGE = date(2026, 4, 8)

TOO_LONG_FOR_A_FILE = {
    "FILE_TOO_LARGE": "such a file would fill the repository; tests/test_source.py makes one",
    "TEXT_TOO_LONG": "such a file would fill the repository; a test below makes one",
}


def saying(words: str) -> str:
    """The good code with one more clause."""
    return HARBOUR.replace(
        "\nstages:\n", f"  - id: H-more\n    says: {json.dumps(words, ensure_ascii=False)}\n\nstages:\n"
    )


def found(text: str, on: date = TODAY, memberships: tuple[Membership, ...] = ()) -> list[str]:
    return [problem.rule for problem in judge(text, "code.yaml", law(), on, memberships)[1]]


def rule_of(path: Path) -> str:
    return path.stem.partition("--")[0].replace("-", "_").upper()


@pytest.mark.parametrize("path", BAD_FILES, ids=lambda path: path.stem)
def test_a_bad_file_gives_the_report_that_stands_at_its_end(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text == renewed(path), "read the difference, then: python -m tests.bad_reports --write"
    assert {problem.rule for problem in problems_of(text, path.name)} == {rule_of(path)}


def test_every_rule_has_a_bad_file_that_shows_it() -> None:
    known = {rule.id for rule in RULES} | set(BREAKS) | set(DOUBTS)
    assert {rule_of(path) for path in BAD_FILES} == known - set(TOO_LONG_FOR_A_FILE)


def test_a_report_is_no_part_of_what_is_judged() -> None:
    for path in BAD_FILES:
        body, mark, _ = path.read_text("utf-8").partition(EXPECTED)
        assert mark
        assert problems_of(body, path.name) == problems_of(path.read_text("utf-8"), path.name)


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_good_file_gives_no_problem(path: Path) -> None:
    assert problems_of(path.read_text("utf-8"), path.name) == ()


@pytest.mark.parametrize(
    ("as_it_stood", "with_comment", "cut"),
    [
        ("says: You have our answer within 10 working days.", "{} # our #1 aim", True),
        ("post: Harbour Internet, 1 Quay Street", "post: Harbour Internet, Unit #4, 1 Quay Street", True),
        ("title: How to complain to Harbour Internet", "{}   # as on the website", True),
        ("title: How to complain to Harbour Internet", 'title: "How to complain: #1"  # quoted', False),
        ("title: How to complain to Harbour Internet", "title: How to complain, no#1", False),
        ("    within: 10 working days", "{}  # as agreed in May", False),
        ("nation: scotland", "{} # where the office is", False),
    ],
)
def test_words_that_a_comment_cuts_off_are_told_and_a_comment_elsewhere_is_not(
    as_it_stood: str, with_comment: str, cut: bool
) -> None:
    text = HARBOUR.replace(as_it_stood, with_comment.format(as_it_stood), 1)
    assert text != HARBOUR
    told = [p for p in judge(text, "code.yaml", law(), TODAY)[1] if p.rule == "WORDS_CUT_OFF"]
    line = next(n for n, words in enumerate(text.splitlines(), 1) if "#" in words)
    assert [(p.where.line, p.severity) for p in told] == ([(line, Severity.WARNING)] if cut else [])


def test_a_text_beyond_every_clause_is_refused() -> None:
    assert found(saying("word " * 1000)) == ["TEXT_TOO_LONG"]


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        # how long the scheme takes is not how long the customer waits for it
        ("The Communications Ombudsman normally decides within eight weeks.", []),
        ("The Communications Ombudsman aims to reach a decision within 8 weeks of receiving your case.", []),
        ("The Ombudsman will usually resolve your case within eight weeks.", []),
        ("It takes the Ombudsman up to eight weeks to decide.", []),
        ("If we have not reached a decision within eight weeks you can go to the Ombudsman.", ["STALE_THRESHOLD"]),
        # however it is written
        ("If a complaint is unresolved after 56 days you can ask for dispute resolution.", ["STALE_THRESHOLD"]),
        ("If your complaint is still open after two months, take it to the scheme.", ["STALE_THRESHOLD"]),
        ("At the 8-week point we write to you about the Ombudsman.", ["STALE_THRESHOLD"]),
        ("If your complaint is still open after 42 days, take it to the scheme.", []),
        ("If your complaint is still open after four weeks, take it to the scheme.", []),
        # the carve-out for earlier complaints
        ("Complaints made before 8 April 2026 can go to the Ombudsman after eight weeks.", ["LEGACY_CARVEOUT_EXPIRED"]),
        ("Received on or before 7th April 2026? The Ombudsman is open after 8 weeks.", ["STALE_THRESHOLD"]),
        ("Those received until 7th April 2026 can go to the Ombudsman after 8 weeks.", ["LEGACY_CARVEOUT_EXPIRED"]),
        ("Complaints made before 1 May 2026 can go to the Ombudsman after eight weeks.", ["STALE_THRESHOLD"]),
        # other trades, other matters
        ("Complaints about insurance can go to the Financial Ombudsman Service after eight weeks.", []),
        ("Energy complaints can go to the Energy Ombudsman after eight weeks.", []),
        ("Delivery of a new line may take eight weeks.", []),
        ("Our minimum term is 24 months, and disputes about it can go to the Ombudsman.", []),
        # the window
        ("You have nine months to go to the Ombudsman.", ["WRONG_ADR_WINDOW"]),
        ("You have 12 months to go to the Ombudsman.", []),
        ("You have 52 weeks to go to the Ombudsman.", []),
        # the deadlock letter
        ("You may ask us for a deadlock letter.", ["DEADLOCK_ON_REQUEST"]),
        ("If we cannot resolve your complaint, you can ask for a deadlock letter.", ["DEADLOCK_ON_REQUEST"]),
        ("You do not need to ask for a deadlock letter.", []),
        ("We send a deadlock letter without your having to request it.", []),
        # who is no scheme
        ("If we have not resolved it in the end, contact Ofcom.", ["OFCOM_OR_ISPA_AS_ADR"]),
        ("If it is unresolved you have the right to complain to Ofcom.", ["OFCOM_OR_ISPA_AS_ADR"]),
        ("Ofcom does not decide complaints that are unresolved.", []),
        ("Do not take your complaint to Ofcom while it is unresolved.", []),
        ("The Communications Ombudsman is approved by Ofcom to decide unresolved complaints.", []),
        ("Citizens Advice can help you to put your complaint.", []),
        ("ISPA decides unresolved complaints.", ["OFCOM_OR_ISPA_AS_ADR"]),
        ("You may take it to CISAS instead.", ["INCONSISTENT_SCHEME_NAME"]),
        ("There are two schemes, CISAS and the Communications Ombudsman; ours is the second.", []),
        ("Otelo can help.", ["RETIRED_SCHEME_NAME"]),
        # sizes
        ("Businesses with up to 10 employees can use the scheme.", []),
        ("Businesses with more than ten employees cannot use the scheme.", []),
        ("Businesses with 10 or more employees cannot use the scheme.", ["BOUNDARY_10"]),
        # silence
        ("We close the complaint 28 calendar days after our answer unless you tell us otherwise.", ["CLOSE_BY_SILENCE"]),
        ("After our final letter we treat the complaint as resolved if we hear nothing.", ["CLOSE_BY_SILENCE"]),
        ("We never close a complaint because you have not replied.", []),
        ("Our office is closed on Sundays, and there is no answer then.", []),
        # promises
        ("We answer every letter as soon as possible.", ["VAGUE_TIMEFRAME"]),
        ("We answer every letter as soon as possible, within 5 working days at most.", ["PROMISE_NOT_RUN"]),
        ("We mend the road as soon as possible.", []),
        ("You must reply to us within 5 working days.", []),
        ("If we do not hear from you within 5 working days, we call again.", []),
        # leftovers
        ("Call {{ phone }} or [insert email].", ["UNRENDERED_PLACEHOLDER", "UNRENDERED_PLACEHOLDER"]),
        ("This code meets General Condition C4.", []),
        ("This code meets GC 14.4.", ["REVOKED_CONDITION"]),
        ("We pay £10.34 a day for a late repair and £32.31 for a missed appointment.", []),
        ("We pay £9.98 a day for a late repair.", ["COMP_AMOUNT_FOR_DATE"]),
        ("A late bill costs £5 a day.", []),
    ],
)  # fmt: skip
def test_words_are_judged_by_what_they_mean(words: str, rules: list[str]) -> None:
    assert found(saying(words)) == rules


@pytest.mark.parametrize(
    ("on", "after", "stale"),
    [
        (date(2026, 3, 1), "8 weeks", False),
        (date(2026, 3, 1), "6 weeks", False),
        (date(2026, 3, 1), "12 weeks", True),
        (date(2026, 3, 1), "two months", True),
        (CHANGE - timedelta(days=1), "8 weeks", False),
        (CHANGE, "8 weeks", True),
        (CHANGE, "6 weeks", False),
        (CHANGE, "42 calendar days", False),
        (CHANGE, "43 calendar days", True),
        (CHANGE, "1 month", False),
        (date(2029, 1, 1), "56 calendar days", True),
    ],
)
def test_the_wait_is_judged_by_the_rule_of_the_day(on: date, after: str, stale: bool) -> None:
    text = HARBOUR.replace("after: 6 weeks", f"after: {after}").replace(
        "settled after 6 weeks", f"settled after {after}"
    )
    assert ("STALE_THRESHOLD" in found(text, on)) is stale


@pytest.mark.parametrize(
    ("on", "rules"),
    [
        (CHANGE, []),
        (date(2026, 6, 2), []),
        (date(2026, 6, 3), ["LEGACY_CARVEOUT_EXPIRED"]),
    ],
)
def test_words_for_earlier_complaints_are_right_until_the_last_of_them_is_due(
    on: date, rules: list[str]
) -> None:
    words = "Complaints made before 8 April 2026 can go to the Ombudsman after eight weeks."
    assert found(saying(words), on) == rules


@pytest.mark.parametrize(
    ("on", "rules"), [(date(2026, 6, 18), []), (date(2026, 6, 19), ["DP_COMPLAINT_ROUTE_MISSING"])]
)
def test_the_route_for_personal_data_is_asked_for_from_its_day(on: date, rules: list[str]) -> None:
    text = HARBOUR.replace("  complaints to: https://harbour.example/privacy\n", "")
    assert found(text, on) == rules


@pytest.mark.parametrize(
    ("memberships", "rules"),
    [
        ((), []),
        ((Membership("communications-ombudsman", date(2020, 1, 1)),), []),
        ((Membership("cisas", date(2020, 1, 1)),), ["WRONG_SCHEME_FOR_PROVIDER"]),
        ((Membership("cisas", date(2020, 1, 1), date(2026, 11, 21)),), []),
        (
            (Membership("cisas", date(2020, 1, 1)), Membership("communications-ombudsman", date(2026, 1, 1))),
            [],
        ),
    ],
)
def test_the_scheme_is_compared_with_the_membership_of_the_day(
    memberships: tuple[Membership, ...], rules: list[str]
) -> None:
    assert found(HARBOUR, memberships=memberships) == rules


def test_a_trade_body_on_the_way_is_no_fault_and_in_the_place_of_the_scheme_it_is() -> None:
    step = "  - {id: H-ispa, role: ISPA, kind: trade body, optional: yes, says: ISPA reviews an unresolved complaint.}\n"
    assert found(HARBOUR.replace("\nclosing:\n", f"{step}\nclosing:\n")) == []
    decides = step.replace("reviews", "decides")
    assert found(HARBOUR.replace("\nclosing:\n", f"{decides}\nclosing:\n")) == ["OFCOM_OR_ISPA_AS_ADR"]


def test_what_may_stand_in_the_code_that_is_referred_to_only_warns() -> None:
    text = HARBOUR[: HARBOUR.index("dispute resolution:")] + HARBOUR[HARBOUR.index("formats:") :]
    problems = judge(text, "code.yaml", law(), TODAY)[1]
    assert {problem.severity for problem in problems} == {Severity.ERROR}
    text += "refers to: {id: H-other, title: Complaints code}\n"
    referring = judge(text, "code.yaml", law(), TODAY)[1]
    assert [problem.rule for problem in referring] == [problem.rule for problem in problems]
    assert {problem.severity for problem in referring} == {Severity.WARNING}
    assert all("Complaints code" in problem.message for problem in referring)


def test_a_rule_without_a_source_warns_says_so_and_is_the_only_kind_that_does() -> None:
    recalled = {
        rule.id
        for rule in RULES
        if rule.cites and not any(law().rule(cited).verified for cited in rule.cites)
    }
    assert recalled
    for path in BAD_FILES:
        for problem in problems_of(path.read_text("utf-8"), path.name):
            assert ("unverified" in problem.message) is (problem.rule in recalled)
            if problem.rule in recalled:
                assert problem.severity is Severity.WARNING


def test_an_error_can_name_the_rule_that_it_is_against() -> None:
    for path in BAD_FILES:
        for problem in problems_of(path.read_text("utf-8"), path.name):
            rule = next((rule for rule in RULES if rule.id == problem.rule), None)
            if rule and rule.cites:
                assert all(f"({cited})" in problem.why for cited in rule.cites)


def test_a_problem_says_where_what_why_and_how_to_mend_it() -> None:
    for path in BAD_FILES:
        text = path.read_text("utf-8")
        for problem in problems_of(text, path.name):
            lines = text.splitlines()
            assert problem.where.file == path.name
            assert 1 <= problem.where.line <= len(lines)
            assert problem.where.column <= len(lines[problem.where.line - 1]) + 1
            assert problem.message.endswith(".")
            assert re.search(r"[.?]", problem.mend)
            assert len(problem.why) > 20


def test_problems_stand_in_the_order_of_the_file() -> None:
    text = saying("We answer as soon as possible. Otelo helps. You may ask us for a deadlock letter.")
    problems = judge(text, "code.yaml", law(), TODAY)[1]
    assert [problem.rule for problem in problems] == [
        "VAGUE_TIMEFRAME",
        "RETIRED_SCHEME_NAME",
        "DEADLOCK_ON_REQUEST",
    ]


@pytest.mark.parametrize("name", FIVE)
def test_a_broken_line_hides_nothing_that_stands_elsewhere(name: str) -> None:
    text = (CODES / f"{name}.yaml").read_text("utf-8")
    stands = {"STALE_THRESHOLD", "RETIRED_SCHEME_NAME", "OLD_EMAIL", "WRONG_ADR_WINDOW", "REVOKED_CONDITION"}
    _, whole = judge(text, "code.yaml", law(), TODAY)
    code, problems = judge(f"{text}\nno such key: 1\n", "code.yaml", law(), TODAY)
    assert code is None
    assert "UNKNOWN_KEY" in {problem.rule for problem in problems}
    wanted = [problem for problem in whole if problem.rule in stands]
    assert wanted
    assert set(wanted) <= set(problems)


def test_of_a_broken_code_nothing_is_said_to_be_missing() -> None:
    """What cannot be read may be the very promise: `3 bananas` is to be mended, and not told twice."""
    text = (CODES / "opus.yaml").read_text("utf-8")
    told = found(re.sub(r"(within|after): .*", r"\1: 3 bananas", text))
    assert "BAD_PERIOD" in told
    assert [rule for rule in told if "MISSING" in rule or rule.startswith("NO_")] == []


@given(
    st.sampled_from([path.read_text("utf-8") for path in sorted(CODES.glob("*.yaml"))]),
    st.integers(0, 250),
    st.sampled_from(
        ["", "3 bananas", "[]", "{}", "{a: 1}", "[1, 2]", "~", "'", "|", "2026-13-45", "not stated"]
    ),
)
def test_whatever_one_line_says_the_code_is_judged(text: str, number: int, value: str) -> None:
    lines = text.splitlines()
    number %= len(lines)
    lines[number] = f"{lines[number].partition(':')[0]}: {value}"
    code, problems = judge("\n".join(lines), "code.yaml", law(), TODAY)
    assert (code is None) == any(problem.severity is Severity.BROKEN for problem in problems)


def test_the_same_rule_is_told_a_hundred_times_at_most() -> None:
    clauses = "".join(f"  - {{id: H-{n}, says: Otelo.}}\n" for n in range(150))
    assert found(HARBOUR.replace("\nstages:\n", f"{clauses}\nstages:\n")) == ["RETIRED_SCHEME_NAME"] * 100


def test_check_judges_what_build_compiled_without_building_again() -> None:
    code, problems = judge(HARBOUR, "code.yaml", law(), TODAY)
    source, _ = read(HARBOUR, "code.yaml")
    assert code is not None
    assert source is not None
    assert (problems, check(code, source, law(), TODAY)) == ((), ())
    silent: tuple[Problem, ...] = check(replace(code, dispute_resolution=None), source, law(), TODAY)
    assert {problem.rule for problem in silent} == {
        "MISSING_SCHEME",
        "MISSING_ADR_PERIOD",
        "NO_DEADLOCK_ROUTE",
    }


def test_a_code_that_leaves_every_letter_without_a_way_to_reach_us_is_against_the_rules() -> None:
    contact = HARBOUR[HARBOUR.index("contact:\n") : HARBOUR.index("clauses:\n")]
    code, problems = judge(HARBOUR.replace(contact, ""), "code.yaml", law(), TODAY)
    assert code is not None
    (lack,) = [p for p in problems if p.rule == "LETTER_LACKS"]
    assert lack.severity is Severity.ERROR
    assert lack.message.startswith("The letters 'Acknowledgement', ")
    assert "'Sign-in link'" not in lack.message, "that one names no way to reach us"
    assert "LETTER_LACKS" not in found(HARBOUR)


@pytest.mark.parametrize(
    ("owe", "when"),
    [
        (owe, when)
        for owe in ("acknowledgement", "confirmation of details", "copy of the code")
        for when in (
            "complaint received",
            "message received",
            "customer not satisfied",
            "case reopened",
            "deadlock",
        )
        if (owe, when)
        not in (("acknowledgement", "complaint received"), ("confirmation of details", "complaint received"))
    ],
)
def test_a_letter_promised_when_it_is_never_written_breaks_the_code_at_its_line(owe: str, when: str) -> None:
    clause = f"  - id: H-more\n    says: In 2 working days.\n    when: {when}\n    owe: {owe}\n    within: 2 working days\n"
    text = HARBOUR.replace("\nstages:\n", f"\n{clause}\nstages:\n")
    code, problems = judge(text, "code.yaml", law(), TODAY)
    assert code is None
    (broken,) = [p for p in problems if p.severity is Severity.BROKEN]
    assert broken.rule == "LETTER_NEVER_WRITTEN"
    assert text.splitlines()[broken.where.line - 1].strip() == f"owe: {owe}"
