"""The code files that come with Amends carry every promise of their documents, and every fault is found at its line."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from amends import docs
from amends.codes import EXAMPLE, FOLDER, PUBLISHED, SCHEMA
from amends.core.build import build
from amends.core.check import judge
from amends.core.code import AS_AGREED, Channel, Code, DeadlockRoute, Owed, Period, StageKind, Trigger, Unit
from amends.core.problems import Severity
from amends.core.schema import json_schema
from amends.core.source import MappingNode, Node, ScalarNode, SequenceNode, read
from amends.law import law
from tests.bad_reports import BAD, GOOD, TODAY

ROOT = Path(__file__).parent.parent
CLAUSES = (ROOT / "docs" / "clauses.md").read_text("utf-8")
GUIDE = (ROOT / "docs" / "writing-a-code.md").read_text("utf-8")
LETTERS = {"netfuse": "N", "focus-group": "F", "netservers": "S", "opus": "O", "infinity": "I"}
WORKING, HOURS, WEEKS = Unit.WORKING_DAYS, Unit.HOURS, Unit.WEEKS


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.yaml").read_text("utf-8")


def code_of(name: str) -> Code:
    code, problems = build(text_of(name), f"{name}.yaml")
    assert code is not None, problems
    return code


def faults(name: str, on: date = TODAY) -> set[tuple[str, str]]:
    """Each rule with the first words of the line at which it is found."""
    text = text_of(name)
    lines = text.splitlines()
    problems = judge(text, f"{name}.yaml", law(), on)[1]
    return {(problem.rule, lines[problem.where.line - 1].strip()[:60]) for problem in problems}


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_published_code_carries_every_clause_of_its_document(path: Path) -> None:
    ids = re.findall(rf"^\| ({LETTERS[path.stem]}-[\w-]+) \|", CLAUSES, re.MULTILINE)
    assert len(ids) > 20
    assert sorted(clause.id for clause in code_of(path.stem).clauses) == sorted(ids)


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_published_code_says_that_it_is_not_endorsed(path: Path) -> None:
    head = text_of(path.stem).partition("\ncode:")[0]
    assert "not endorsed by" in head
    assert "words under `says` are" in head
    assert "not endorsed" in code_of(path.stem).note


@pytest.mark.parametrize("path", [*PUBLISHED, EXAMPLE], ids=lambda path: path.stem)
def test_every_clause_says_something_or_says_why_not(path: Path) -> None:
    code = code_of(path.stem)
    points = {point.id for point in code.contacts}
    schemes = (
        {code.dispute_resolution.scheme.id}
        if code.dispute_resolution and code.dispute_resolution.scheme
        else set()
    )
    for clause in code.clauses:
        assert clause.says or clause.unknown or clause.id in points | schemes, clause.id


@pytest.mark.parametrize(
    ("name", "clause", "when", "owe", "within"),
    [
        (
            "opus",
            "O-acknowledge",
            Trigger.COMPLAINT_RECEIVED,
            Owed.ACKNOWLEDGEMENT,
            Period(24, Unit.WORKING_HOURS),
        ),
        ("opus", "O-handler", Trigger.COMPLAINT_RECEIVED, Owed.HANDLER_INTRODUCTION, Period(48, HOURS)),
        ("opus", "O-3-days", Trigger.COMPLAINT_RECEIVED, Owed.CONTACT_TIME, Period(3, WORKING)),
        ("opus", "O-investigate", Trigger.COMPLAINT_RECEIVED, Owed.HANDLER_ASSIGNED, None),
        ("opus", "O-confirm", Trigger.COMPLAINT_RECEIVED, Owed.CONFIRMATION, None),
        ("opus", "O-updates", Trigger.HANDLER_INTRODUCED, Owed.UPDATE, None),
        ("opus", "O-tell-rights", Trigger.COMPLAINT_RECEIVED, Owed.ADR_LETTER, Period(8, WEEKS)),
        ("opus", "O-deadlock", Trigger.DEADLOCK, Owed.ADR_LETTER, None),
        ("opus", "O-copy", Trigger.COPY_ASKED, Owed.COPY_OF_CODE, None),
        ("infinity", "I-letter-10", Trigger.MESSAGE_RECEIVED, Owed.REPLY, Period(10, WORKING)),
        ("infinity", "I-email-5", Trigger.MESSAGE_RECEIVED, Owed.REPLY, Period(5, WORKING)),
        ("infinity", "I-call-5", Trigger.COMPLAINT_RECEIVED, Owed.CALL_BACK, Period(5, WORKING)),
        ("infinity", "I-timeframes", Trigger.COMPLAINT_RECEIVED, Owed.UPDATE, None),
        ("infinity", "I-final", Trigger.DEADLOCK, Owed.CANNOT_RESOLVE, None),
        ("netfuse", "N-updates", Trigger.COMPLAINT_RECEIVED, Owed.UPDATE, None),
        ("netfuse", "N-cannot-resolve", Trigger.DEADLOCK, Owed.CANNOT_RESOLVE, None),
        ("netfuse", "N-deadlock", Trigger.DEADLOCK, Owed.ADR_LETTER, None),
        ("netservers", "S-csm", Trigger.ESCALATION_ASKED, Owed.WRITTEN_RESPONSE, Period(10, WORKING)),
    ],
)
def test_a_promise_runs_as_its_document_makes_it(
    name: str, clause: str, when: Trigger, owe: Owed, within: Period | None
) -> None:
    (promise,) = [promise for promise in code_of(name).promises if promise.clause == clause]
    assert (promise.when, promise.owe, promise.within) == (when, owe, within)
    if owe is Owed.UPDATE:
        assert promise.every == AS_AGREED


def test_promises_by_channel_hold_for_their_channel_alone() -> None:
    channels = {promise.clause: promise.channels for promise in code_of("infinity").promises}
    assert channels["I-letter-10"] == frozenset({Channel.LETTER})
    assert channels["I-email-5"] == frozenset({Channel.EMAIL})
    assert channels["I-call-5"] == frozenset({Channel.PHONE})


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("netfuse", ["stage-1", "N-md"]),
        ("netservers", ["S-start", "S-csm", "S-md", "S-ispa"]),
        ("opus", ["stage-1", "O-reopen"]),
        ("infinity", ["stage-1", "I-directors", "stage-3"]),
        ("focus-group", []),
    ],
)
def test_the_escalation_path_is_the_one_of_the_document(name: str, stages: list[str]) -> None:
    assert [stage.id for stage in code_of(name).stages] == stages


def test_the_trade_body_of_netservers_is_a_step_that_may_be_passed_by() -> None:
    stage = code_of("netservers").stages[-1]
    assert (stage.kind, stage.optional) == (StageKind.TRADE_BODY, True)


def test_the_missing_list_of_netservers_is_marked_and_not_filled_in() -> None:
    code = code_of("netservers")
    clause = code.clause("S-adr-limits")
    assert clause is not None
    assert clause.unknown
    assert code.dispute_resolution is not None
    assert code.dispute_resolution.cannot_take == ()
    assert code.dispute_resolution.after is None
    assert code.dispute_resolution.deadlock is DeadlockRoute.NOT_STATED


STALE = "STALE_THRESHOLD"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "netfuse",
            {
                (STALE, "after: 8 weeks"),
                (STALE, "Still unhappy? You can turn to CISAS when the complaint is u"),
                ("OLD_ADDRESS", "post: [70 Fleet Street, London, EC4Y 1EU]"),
                ("OLD_EMAIL", "email: info@cisas.org.uk"),
                ("OLD_DOMAIN", "web: www.cisas.org.uk"),
                ("OLD_PHONE", "phone: 0207 520 3827"),
                ("MISSING_TIMEFRAMES", "clauses:"),
            },
        ),
        (
            "focus-group",
            {("REVOKED_CONDITION", "says: Our marketing follows the British advertising code (ww")},
        ),
        (
            "netservers",
            {
                ("MISSING_PHONE", "number: not stated"),
                ("MISSING_EMAIL", "email: not stated"),
                ("MISSING_ADR_PERIOD", "dispute resolution:"),
                ("NO_DEADLOCK_ROUTE", "dispute resolution:"),
                ("RETIRED_SCHEME_NAME", 'name: "Ombudsman Services: Communications"'),
                ("OLD_EMAIL", "email: osenquiries@os-communications.org"),
            },
        ),
        (
            "opus",
            {
                (STALE, "within: 8 weeks"),
                (STALE, "after: 8 weeks"),
                (STALE, "A complaint can stay open longer. From 8 weeks on the case h"),
                (STALE, "If you are still not satisfied after 8 weeks, or if we have "),
                ("OFCOM_OR_ISPA_AS_ADR", "name: Ofcom"),
                ("OFCOM_OR_ISPA_AS_ADR", "Ofcom, which is an independent regulator."),
                ("OFCOM_OR_ISPA_AS_ADR", "A complaint can stay open longer. From 8 weeks on the case h"),
            },
        ),
        (
            "infinity",
            {
                (STALE, "after: 8 weeks"),
                (STALE, "Ombudsman Services: Communications is open to you only when "),
                ("NO_DEADLOCK_ROUTE", "dispute resolution:"),
                ("RETIRED_SCHEME_NAME", 'name: "Ombudsman Services: Communications"'),
                ("RETIRED_SCHEME_NAME", "Ombudsman Services: Communications is open to you only when "),
                ("RETIRED_SCHEME_NAME", "Alternative dispute resolution is there for you with Ombudsm"),
                ("OLD_PHONE", "fax: 0330 440 1615"),
                ("OLD_EMAIL", "email: enquiries@os-communications.org"),
                ("WRONG_ADR_WINDOW", "within: 6 months"),
                ("WRONG_ADR_WINDOW", "without a letter: 9 months"),
                ("WRONG_ADR_WINDOW", "The Ombudsman has to hear from you within 6 months after our"),
                ("WRONG_ADR_WINDOW", "wrote no such letter, it is 9 months."),
            },
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_every_fault_of_a_document_is_an_error_at_its_line_and_nothing_else_is(
    name: str, expected: set[tuple[str, str]]
) -> None:
    text = text_of(name)
    problems = judge(text, f"{name}.yaml", law(), TODAY)[1]
    errors = {problem.rule for problem in problems if problem.severity is not Severity.WARNING}
    assert {fault for fault in faults(name) if fault[0] in errors} == expected


def test_a_code_whose_complaints_part_is_elsewhere_is_only_warned() -> None:
    rules = {rule for rule, _ in faults("focus-group")}
    assert {"MISSING_SCHEME", "MISSING_ADR_PERIOD", "NO_DEADLOCK_ROUTE"} <= rules


@pytest.mark.parametrize("name", LETTERS)
def test_before_the_change_eight_weeks_were_right(name: str) -> None:
    assert STALE not in {rule for rule, _ in faults(name, date(2026, 3, 1))}


@pytest.mark.parametrize("on", [date(2026, 6, 19), TODAY, date(2027, 3, 31), date(2029, 1, 1)])
def test_nothing_at_all_is_wrong_with_the_example(on: date) -> None:
    assert judge(EXAMPLE.read_text("utf-8"), "example.yaml", law(), on)[1] == ()


def _snippets() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("snippet", _snippets(), ids=lambda snippet: snippet.split("\n")[0])
def test_every_example_in_the_guide_is_right(snippet: str) -> None:
    if snippet.startswith("code:"):
        assert snippet == (GOOD / "harbour.yaml").read_text("utf-8")
        assert judge(snippet, "guide", law(), TODAY)[1] == ()
    else:
        head = "code: a\nprovider: b\nprovider name: c\ntitle: d\nnation: scotland\n"
        assert build(head + snippet, "guide")[1] == ()


def test_the_mistakes_shown_in_the_guide_are_what_the_program_says() -> None:
    shown = re.search(r"```text\n(.*?)```", GUIDE, re.DOTALL)
    assert shown
    slip = (GOOD / "harbour.yaml").read_text("utf-8").replace("    within: 2", "    withn: 2", 1)
    stale = (GOOD / "harbour.yaml").read_text("utf-8").replace("  after: 6 weeks", "  after: 8 weeks")
    for text, rule in ((slip, "UNKNOWN_KEY"), (stale, STALE)):
        problem = next(p for p in judge(text, "my-code.yaml", law(), TODAY)[1] if p.rule == rule)
        lines = f"{problem.where}: {problem.severity} {problem.rule}: {problem.message}\n"
        assert f"{lines}    why:  {problem.why}\n    mend: {problem.mend}\n" in shown[1]


def test_the_pages_made_from_the_program_are_up_to_date() -> None:
    assert docs.behind() == ()


def test_a_page_that_has_fallen_behind_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = tmp_path / "checks.md"
    page.write_text("old", "utf-8")
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    monkeypatch.setattr(docs, "PAGES", ((page, docs.checks),))
    assert docs.main(["--check"]) == 1
    assert docs.main(["--write"]) == 0
    assert docs.main(["--check"]) == 0


def test_the_writing_command_leaves_what_a_person_wrote() -> None:
    assert docs.writing_a_code(f"before {docs.BEGIN} old {docs.END} after").startswith("before ")
    assert docs.writing_a_code(f"before {docs.BEGIN} old {docs.END} after").endswith(" after")


def test_the_packaged_files_are_found_from_anywhere(tmp_path: Path) -> None:
    asked = "from amends import codes; assert all(p.exists() for p in (*codes.PUBLISHED, codes.EXAMPLE, codes.SCHEMA))"
    subprocess.run([sys.executable, "-c", asked], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=True)


# The part of JSON Schema that ours uses, to see that it says the same as `build`.
_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, str) and value.isdecimal(),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
}


def _plain(node: Node) -> Any:
    match node:
        case ScalarNode():
            return node.text
        case SequenceNode():
            return [_plain(item) for item in node.items]
        case MappingNode():
            return {key.text: _plain(value) for key, value in node.items}


def _valid(value: Any, rule: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Whether a value fits a rule: every part of the rule that is there has to hold."""
    types = rule.get("type", [])
    return all(
        (
            "$ref" not in rule or _valid(value, whole["$defs"][rule["$ref"].rpartition("/")[2]], whole),
            "anyOf" not in rule or any(_valid(value, choice, whole) for choice in rule["anyOf"]),
            "enum" not in rule or value in rule["enum"],
            "const" not in rule or value == rule["const"],
            not types or any(_TYPES[kind](value) for kind in ([types] if isinstance(types, str) else types)),
            "pattern" not in rule or bool(re.search(rule["pattern"], str(value))),
            _valid_inside(value, rule, whole),
        )
    )


def _valid_inside(value: Any, rule: dict[str, Any], whole: dict[str, Any]) -> bool:
    if isinstance(value, list) and "items" in rule:
        return bool(value) and all(_valid(item, rule["items"], whole) for item in value)
    if isinstance(value, dict) and "properties" in rule:
        known = rule["properties"]
        inside = all(key in known and _valid(item, known[key], whole) for key, item in value.items())
        return inside and all(key in value for key in rule.get("required", []))
    return True


def _fits(text: str) -> bool:
    node, _ = read(text, "code.yaml")
    assert node is not None
    return _valid(_plain(node), json_schema(), json_schema())


@pytest.mark.parametrize(
    "path", [*PUBLISHED, EXAMPLE, *sorted(GOOD.glob("*.yaml"))], ids=lambda path: path.stem
)
def test_editors_find_nothing_wrong_with_a_code_that_compiles(path: Path) -> None:
    assert _fits(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "name",
    ["unknown-key", "unknown-key--joined", "missing-key", "missing-key--id", "unknown-word", "wrong-shape", "bad-yes-no",
     "bad-number", "bad-name", "wrong-shape--list"],
)  # fmt: skip
def test_editors_find_what_the_shape_alone_shows_to_be_wrong(name: str) -> None:
    assert not _fits((BAD / f"{name}.yaml").read_text("utf-8"))


def test_the_schema_of_the_package_is_json_that_a_person_can_read() -> None:
    written = SCHEMA.read_text("utf-8")
    assert json.loads(written) == json_schema()
    assert "\\u" not in written
