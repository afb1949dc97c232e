"""`amends check`, `amends explain`, `amends schema`: a code file read, judged and played, without any desk."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from amends.cli.said import Unusable, as_format, emit, london, moment, note, say
from amends.core.calendar import london_date
from amends.core.saying import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amends.core.case import Case
    from amends.core.clocks import Clock
    from amends.core.code import Code
    from amends.core.problems import Problem
    from amends.core.rulebook import Rulebook

#: No code of practice is this long; whatever is, was named by mistake.
LONGEST: Final = 4 * 1024 * 1024

GRADES: Final[Mapping[str, Callable[[int], str]]] = {
    "broken": lambda count: f"{count} broken",
    "error": lambda count: counted(count, "error"),
    "warning": lambda count: counted(count, "warning"),
}
"""How many problems of a grade there are, in words."""
CHANNELS: Final = ("phone", "email", "letter", "webchat", "form", "fax")
CUSTOMERS: Final = {
    "residential": "residential",
    "small-business": "small-business",
    "business": "larger-business",
}


@click.command(short_help="Judge code files against the rules of a day.")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option("--on", "on", metavar="DATE", help="The day whose rules count; today if left out.")
@as_format
def check(files: tuple[str, ...], on: str | None, *, as_json: bool) -> int:
    """Say everything that is wrong with code files: where, what, why it matters and how to mend it.

    Exit 0 when nothing is broken or against a rule, 1 when something is, 2 when there is no text to read.

    \b
    Examples:
      amends check amends/codes/example.yaml
      amends check codes/*.yaml --on 2026-04-08 --format json
    """
    from amends.core.problems import Severity

    day = _day(on) if on else london_date(datetime.now(UTC))
    found: list[Problem] = []
    unreadable = 0
    for file in files:
        try:
            found += _judged(file, day)
        except Unusable as wrong:
            note(wrong.format_message())
            unreadable += 1
    if as_json:
        emit([problem.as_json() for problem in found])
    else:
        _say_problems(found, judged=len(files) - unreadable, others=bool(unreadable))
    if unreadable:
        return 2
    return 1 if any(problem.severity is not Severity.WARNING for problem in found) else 0


def _judged(file: str, day: date) -> tuple[Problem, ...]:
    from amends.core.check import judge
    from amends.law import law

    _, problems = judge(read_text(file), file, law(), day)
    return problems


def _say_problems(found: Sequence[Problem], *, judged: int, others: bool) -> None:
    """Say what was found in the files that were judged; `others` could not be read, and nothing is said of them."""
    for problem in found:
        say(f"{problem.where}: {problem.severity} {problem.rule}: {problem.message}")
        say(f"    why:  {problem.why}")
        say(f"    mend: {problem.mend}")
    counts = [
        (len([p for p in found if p.severity == grade]), grade) for grade in ("broken", "error", "warning")
    ]
    summary = "; ".join(GRADES[grade](count) for count, grade in counts if count)
    if summary:
        say(summary)
    elif judged:
        say("nothing to say of the rest" if others else "nothing to say")


def _day(words: str) -> date:
    from datetime import date

    try:
        return date.fromisoformat(words)
    except ValueError as wrong:
        raise Unusable(f"--on: {words!r} is no date: write it like 2026-04-08") from wrong


def read_text(file: str) -> str:
    """The text of a code file; `-` reads stdin. Raises Unusable where there is no text to read."""
    try:
        raw = sys.stdin.buffer.read(LONGEST + 1) if file == "-" else _bytes(Path(file))
    except OSError as wrong:
        raise Unusable(f"{file}: {wrong.strerror or wrong}") from wrong
    except ValueError as wrong:
        raise Unusable(f"{file!r}: {wrong}") from wrong
    if len(raw) > LONGEST:
        raise Unusable(f"{file}: longer than {LONGEST // 1024 // 1024} MB, so no code of practice")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        raise Unusable(f"{file}:{line}: not UTF-8 text") from wrong
    if not text.strip():
        raise Unusable(f"{file}: there is no text in it")
    return text


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LONGEST + 1)


@click.command(short_help="Print every clock that a complaint starts, with its reasons.")
@click.argument("file", metavar="FILE")
@click.option(
    "--received", required=True, metavar="ISO", help="When it was received; London's time without an offset."
)
@click.option(
    "--channel", type=click.Choice(CHANNELS), default="email", show_default=True, help="How it came."
)
@click.option(
    "--customer",
    type=click.Choice(list(CUSTOMERS)),
    default="residential",
    show_default=True,
    help="Who complains.",
)
@as_format
def explain(file: str, received: str, channel: str, customer: str, *, as_json: bool) -> int:
    """Print the clocks that a complaint received then would start under this code: due, and why.

    A date that cannot be worked out is null, and its reasons say why.

    \b
    Examples:
      amends explain amends/codes/opus.yaml --received 2026-04-02T16:00+01:00
      amends explain amends/codes/opus.yaml --received 2026-04-08 --channel letter --format json
    """
    from amends.core.clocks import clocks
    from amends.core.dated import NotKnown
    from amends.core.reasons import why

    at = moment(received, "--received")
    code = read_code(file)
    book = _book(code)
    case = _case(code, at, channel, CUSTOMERS[customer])
    try:
        started = clocks(case, book)
        notes = [*_notes(case, book), *_no_time(received)]
    except NotKnown as unknown:
        raise Unusable(f"--received: {unknown}") from unknown
    if as_json:
        emit([clock_json(clock, why(clock, case, book)) for clock in started])
        for words in notes:
            note(words)
    else:
        for clock in started:
            say_clock(clock, why(clock, case, book))
        for words in notes:
            say(words)
    return 0


def read_code(file: str) -> Code:
    """The compiled code of a file. Raises Unusable where it cannot be read or is broken, after naming what is."""
    from amends.core.build import build
    from amends.core.problems import Severity

    code, problems = build(read_text(file), file)
    if code is not None:
        return code
    broken = [problem for problem in problems if problem.severity is Severity.BROKEN]
    for problem in broken:
        note(f"{problem.where}: {problem.rule}: {problem.message} Mend: {problem.mend}")
    raise Unusable(f"{file}: broken in {counted(len(broken), 'place')}: it cannot be played")


def _book(code: Code) -> Rulebook:
    from amends.core.rulebook import Rulebook
    from amends.law import calendars, law

    return Rulebook(code, law(), calendars()[code.nation])


def _case(code: Code, at: datetime, channel: str, kind: str) -> Case:
    from amends.core import facts as f
    from amends.core.case import fold

    return fold(
        (
            f.CaseOpened(
                at=at, logged=at, reference="example", provider=code.provider, code=code.id,
                code_version=code.fingerprint,
            ),
            f.CustomerKnown(at=at, logged=at, customer_kind=kind),
            f.ContactReceived(at=at, logged=at, contact="first", channel=channel, received=at),
        )
    )  # fmt: skip


def _notes(case: Case, book: Rulebook) -> list[str]:
    """What the clocks alone do not tell: that no ADR clock runs and why, and that the code is not in force."""
    from amends.core.eligibility import covered

    assert case.first_received is not None
    assert book.code is not None
    day = london_date(case.first_received)
    answer = covered(case.customer.kind, case.customer.headcount, book.law, day)
    notes = [] if answer.covered else [f"No ADR clock runs: {' '.join(answer.reasons)} ({answer.rule})"]
    if not book.code.governs(day):
        notes.append(
            f"This version of the code does not govern a complaint first received on {day.isoformat()}."
        )
    return notes


def _no_time(received: str) -> list[str]:
    """That a date was given without a time, from which no hour can be counted."""
    day = received.strip()
    if not re.fullmatch(r"[0-9W-]+", day):
        return []
    return [
        f"No time was given, so clocks start at the start of the day: write one where hours count, like {day}T10:30"
    ]


def clock_json(clock: Clock, reasons: Sequence[str]) -> dict[str, Any]:
    """A clock as the JSON of `explain` and `case` gives it."""
    return {
        "id": clock.id,
        "kind": str(clock.kind),
        "due": london(clock.due),
        "act_from": london(clock.act_from),
        "late_after": london(clock.late_after),
        "clause": clock.clause,
        "why": list(reasons),
    }


def say_clock(clock: Clock, reasons: Sequence[str], standing: str = "") -> None:
    """A clock as text: what is owed by when, then one reason a line."""
    say(f"{clock.id}: {clock.owe}, {_due(clock)} ({clock.kind}{', ' + standing if standing else ''})")
    for reason in reasons:
        say(f"    {reason}")


def _due(clock: Clock) -> str:
    from amends.core.saying import day, moment

    if clock.due is None:
        return "no date"
    if clock.due == clock.late_after:
        return f"due {moment(clock.due)}"
    return f"due on {day(london_date(clock.due))}"


@click.command(short_help="Print the JSON Schema of a code file, for editors.")
def schema() -> int:
    """Print the JSON Schema of a code file.

    \b
    Example:
      amends schema > code.schema.json
    """
    from amends.core.schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2).encode())
    return 0
