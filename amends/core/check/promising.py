"""Rules about promises: that they name a time, that words and clocks agree, and that nothing closes by itself.

"Procedures must ensure fair and timely resolution to clearly established timeframes" (CH-21); a code tells the
"expected timeframes" (CH-19). "No unilateral closure" (CH-16).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from amends.core.check.judged import Finding, Judged
from amends.core.check.words import negated
from amends.core.code import Period, Unit
from amends.core.kinds import CARE_STARTS
from amends.core.part import Part
from amends.core.periods import periods_in, rough_days
from amends.core.problems import Severity
from amends.core.source import MappingNode, Node, SequenceNode

_LENGTHS = ("within", "every", "after", "apart", "without a letter", "acknowledge within", "window")
_SOON = re.compile(
    r"as (?:soon|quickly|swiftly|fast|efficiently|smoothly|promptly)(?: and \w+)? as (?:possible|we can|is reasonable)"
    r"|promptly|speedily|swiftly|shortly|in due course|without (?:undue )?delay"
    r"|in (?:a )?(?:good|timely|reasonable) (?:time|manner)",
    re.IGNORECASE,
)
_ANSWERING = re.compile(
    r"complain|dispute|concern|repl(?:y|ies)|respon[ds]|answer|acknowledg|get back to|call(?:ed)? (?:you )?back"
    r"|contact you|update",
    re.IGNORECASE,
)
_ISSUE = re.compile(r"\bissues?\b", re.IGNORECASE)
_WE_ANSWER = re.compile(
    r"\b(?:we|you|your|handler|team|manager)\b.*\b(?:repl(?:y|ies|ied)|respon[ds]\w*|answer\w*|acknowledg\w+|hear from"
    r"|call(?:s|ed)?|contact(?:s|ed)?|updat\w+|writ(?:e|es|ten)|tell|told)\b",
    re.IGNORECASE | re.DOTALL,
)
_CLOSES = re.compile(
    r"\bclos(?:e|es|ed|ing)\b|\b(?:treat|consider|regard|assume|deem)(?:s|ed)?\b[^.]{0,40}(?:resolved|settled|accepted)",
    re.IGNORECASE,
)
_CASE = re.compile(r"complain|\bcase\b|\bmatter\b|\bticket\b|\bit\b", re.IGNORECASE)
_SILENT = re.compile(
    r"(?:do(?:es)? not|don['’]t|doesn['’]t|have not|haven['’]t|has not)"
    r" (?:hear|heard|reply|replied|respond|responded|answer|answered|get back)"
    r"|unless (?:we hear|you (?:tell|contact|reply|let|write|respond))"
    r"|no (?:reply|response|answer)|hear nothing|\bsilen",
    re.IGNORECASE,
)
_NOTICE = re.compile(r"twice|notice|remind|two (?:letters|messages|emails)|write to you", re.IGNORECASE)
_OF_YOU = re.compile(
    r"(?:hear|heard|hears)\b[^.]{0,12}\bfrom you|\byou (?:must|have to|should|need to|can|may)\b",
    re.IGNORECASE,
)
_BY_THEN = re.compile(r"\b(?:within|in|every)\W+(?:\w+\W+){0,2}$")
_NEAR = 200
"""How far around a length of time its sense is looked for, in characters."""
_NOTICES, _APART = 2, 10


def missing_timeframes(judged: Judged) -> Iterator[Finding]:
    """Not one promise with a time: customers cannot know when to expect anything."""
    # What is promised for an order or a fault tells nobody when a complaint is answered.
    told = (p for p in judged.code.promises if p.when not in CARE_STARTS)
    if not any(promise.within or isinstance(promise.every, Period) for promise in told):
        yield judged.missing(
            "clauses",
            "The code promises nothing within any time.",
            "Say by when you acknowledge and answer a complaint, and add 'when', 'owe' and 'within' to those clauses.",
        )


def vague_timeframe(judged: Judged) -> Iterator[Finding]:
    """An answer promised "as soon as possible", "promptly" or the like, in a sentence without any time."""
    for sentence in judged.sentences:
        found = _SOON.search(sentence.text)
        subject = _ANSWERING.search(sentence.text) or (
            judged.code.kind == "complaints code" and _ISSUE.search(sentence.text)
        )
        if found and subject and not any(True for _ in periods_in(sentence.text)):
            yield Finding(
                sentence.at(*found.span()),
                f"'{found.group()}' names no time.",
                "Give the longest time that you allow yourself, such as 'within 5 working days'.",
                severity=Severity.WARNING,
            )


def page_and_clock_differ(judged: Judged) -> Iterator[Finding]:
    """A clause whose words name another time than its `within`, `every` or `after`, or none."""
    for part in _parts(judged.source):
        words = part.text("says")
        said = [period for period, _, _ in periods_in(words)]
        for key in _LENGTHS if words else ():
            run = part.period(key)
            if run is None or any(_same(run, period) for period in said):
                continue
            names = f"the words say {' and '.join(map(str, said))}" if said else "the words name no time"
            yield Finding(
                part.where_of(key),
                f"'{key}' says {run}, and {names}.",
                "Make the two agree.",
                "Customers hold you to what they read, and the clock runs by what is written here.",
                Severity.WARNING,
            )


def promise_not_run(judged: Judged) -> Iterator[Finding]:
    """Words that promise an answer within a time, in a clause without `when` and `owe`: no clock would run."""
    for part in _items(judged.source.get("clauses")) + _items(judged.source.get("stages")):
        if part.has("owe") or part.has("when"):
            continue
        words = part.text("says")
        for period, start, _ in periods_in(words):
            before = words[max(0, start - _NEAR) : start]
            sentence = before.rsplit(". ", 1)[-1] + words[start : start + _NEAR].split(". ")[0]
            if _BY_THEN.search(before) and _WE_ANSWER.search(sentence) and not _OF_YOU.search(before):
                yield Finding(
                    part.where_of("says"),
                    f"The words promise something within {period}, and no clock runs for it.",
                    "Add 'when', 'owe' and 'within' to the clause.",
                    "A promise that is only printed is kept by luck.",
                    Severity.WARNING,
                )
                break


def close_by_silence(judged: Judged) -> Iterator[Finding]:
    """A complaint closed because the customer does not answer.

    It stands in `closing` with fewer than two notices or less than ten working days between them, or in words that
    the code's `closing` does not bear out.
    """
    closing = judged.code.closing
    mend = "Close on the customer's word; by silence only after two notices, at least 10 working days apart."
    apart = closing.silence_apart if closing else Period(_APART, Unit.WORKING_DAYS)
    if closing and closing.silence and (closing.silence_notices < _NOTICES or _short(apart)):
        yield Finding(
            closing.where,
            f"Silence closes a complaint after {closing.silence_notices} notices, {apart} apart.",
            mend,
        )
    for sentence in judged.sentences:
        found = _CLOSES.search(sentence.text)
        if closing and closing.silence and _NOTICE.search(sentence.context):
            continue
        closes = found and _CASE.search(sentence.text) and _SILENT.search(sentence.text)
        if found and closes and not negated(sentence.text, found.start()):
            yield Finding(
                sentence.at(*found.span()),
                "The words close a complaint because the customer is silent.",
                mend,
            )


def bank_holidays_unsaid(judged: Judged) -> Iterator[Finding]:
    """Opening hours that do not say whether they hold on bank holidays. They are counted as open then."""
    for name, hours in judged.code.hours.items():
        if hours.bank_holidays == "unsaid":
            table = judged.source.get("opening hours")
            where = (
                Part(table).where_of(name)
                if isinstance(table, MappingNode)
                else judged.line_of("opening hours")
            )
            yield Finding(
                where,
                f"The hours '{name}' do not say whether they hold on bank holidays; they are counted as open then.",
                "Add 'not bank holidays' or 'including bank holidays', in the published words too.",
                "A clock that counts a bank holiday is over a day earlier.",
                Severity.WARNING,
            )


def closing_time_assumed(judged: Judged) -> Iterator[Finding]:
    """Promises in working days or hours, and no `working day` to end them: 17:00 is assumed."""
    if judged.code.working_day is not None:
        return
    working = (Unit.WORKING_DAYS, Unit.WORKING_HOURS)
    promise = next((p for p in judged.code.promises if p.within and p.within.unit in working), None)
    if promise:
        yield Finding(
            promise.within_where or promise.where,
            f"The code counts {promise.within} and does not say when a working day ends; 17:00 is assumed.",
            "Add 'opening hours', and 'working day' with the name of the hours that end a working day.",
            "What is due at the end of a day is due when you close.",
            Severity.WARNING,
        )


def _short(apart: Period) -> bool:
    return rough_days(apart) < rough_days(Period(_APART, Unit.WORKING_DAYS))


def _same(run: Period, said: Period) -> bool:
    """Whether two periods are the same, however written: 8 weeks are 56 calendar days."""
    calendar = (Unit.WEEKS, Unit.CALENDAR_DAYS)
    if run.unit in calendar and said.unit in calendar:
        return rough_days(run) == rough_days(said)
    return run == said


def _parts(node: Node) -> Iterator[Part]:
    """Every section of the file, at any depth."""
    if isinstance(node, MappingNode):
        yield Part(node)
        for _, value in node.items:
            yield from _parts(value)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _parts(item)


def _items(node: Node | None) -> tuple[Part, ...]:
    items = node.items if isinstance(node, SequenceNode) else (node,)
    return tuple(Part(item) for item in items if isinstance(item, MappingNode))
