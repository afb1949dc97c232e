"""What applies today in the place of a clause's words, where the law has overtaken them.

What `check` finds against the law is told to the compliance officer at its line; the same finding is told to customers
here, beside its clause, in words for them: the weeks until dispute resolution (CH-08), the letter that nobody has to
ask for (CH-12), the present name and address of a scheme (AD-02), the window (AD-03, AD-04). A finding that no source
was seen for is never told as the law.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from amends.core import saying
from amends.core.check import RULES, check
from amends.core.check.judged import Judged
from amends.core.code import Code
from amends.core.dated import NotKnown, in_words
from amends.core.law import Compensation, Law, Membership, RetiredMention, Scheme, membership_on
from amends.core.problems import Problem, Severity, Where
from amends.core.publish.published import AppliesToday
from amends.core.source import MappingNode, Node, ScalarNode, SequenceNode

NO_CLAUSE = ""
"""The key of what belongs to no clause, because the code is silent where it should speak."""

_CITES = {rule.id: rule.cites for rule in RULES}
_SILENT = ("MISSING_SCHEME", "MISSING_ADR_PERIOD", "NO_DEADLOCK_ROUTE")
"""Told also where another document may say it: the law holds all the same."""


@dataclass(frozen=True, slots=True)
class _Day:
    """The law of the day, for a finding to be told by."""

    code: Code
    law: Law
    on: date
    memberships: tuple[Membership, ...]

    @property
    def own(self) -> Scheme | None:
        """The provider's scheme, as far as it is recorded."""
        member = membership_on(self.memberships, self.on)
        return self.law.scheme(member.scheme) if member else None

    @property
    def goes_to(self) -> str:
        """Where an unsettled complaint goes, as a sentence has it."""
        if self.own:
            return named(self.own.on(self.on).name)
        return "one of the two approved schemes, which are named further down"


def named(name: str) -> str:
    """A scheme's name as it stands in a sentence."""
    return f"the {name}" if "Ombudsman" in name else name


def applies_today(
    code: Code, source: MappingNode, law: Law, on: date, memberships: tuple[Membership, ...] = ()
) -> Mapping[str, tuple[AppliesToday, ...]]:
    """What applies today beside each clause, by its id, and under `NO_CLAUSE` what the code does not speak of.

    `source` is what `source.read` made of the code's own text.
    """
    day = _Day(code, law, on, memberships)
    found: dict[str, list[AppliesToday]] = {}
    for place, note in (*_from_findings(day, source), *_retired(day, source)):
        notes = found.setdefault(_clause_at(source, place), [])
        if note.text not in (other.text for other in notes):
            notes.append(note)
    return {clause: tuple(notes) for clause, notes in found.items()}


def _from_findings(day: _Day, source: MappingNode) -> Iterator[tuple[Where, AppliesToday]]:
    told = [
        problem
        for problem in check(day.code, source, day.law, day.on, day.memberships)
        if problem.rule in _TOLD and (problem.severity is Severity.ERROR or problem.rule in _SILENT)
    ]
    for problem in sorted(told, key=lambda problem: _ORDER[problem.rule]):
        tell = _TOLD[problem.rule]
        try:
            text = tell(day, _Found(problem, _words_at(source, problem.where)))
        except NotKnown:
            continue
        yield problem.where, AppliesToday(text, _CITES.get(problem.rule, ()))


# --- Findings in words for customers ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """A finding, and the words of the file at its place."""

    problem: Problem
    words: str


def _wait(day: _Day, _: _Found) -> str:
    return wait(day.law, day.on)


def wait(law: Law, on: date) -> str:
    """How long until dispute resolution, as a customer reads it. Raises `NotKnown` for a day before the rules."""
    entry = law.adr_period.on(on)
    weeks = saying.weeks(entry.value)
    if entry.start is None:
        return f"You can go to the independent scheme {weeks} after we first received your complaint."
    text = (
        f"You can go to the independent scheme {weeks} after we first received your complaint, if we received it on or "
        f"after {in_words(entry.start)}."
    )
    earlier = before(law, on)
    return f"{text} A complaint that we received before that day keeps its {earlier}." if earlier else text


def before(law: Law, on: date) -> str:
    """The wait of complaints that came before the present rule, while one of them can still run; else empty."""
    if on > law.last_legacy_due or law.adr_period.on(on) is not law.adr_period.entries[-1]:
        return ""
    return saying.weeks(law.adr_period.entries[-2].value)


def _at_deadlock(_: _Day, __: _Found) -> str:
    return (
        "You need not wait that long if we can go no further. We then write to you to say so, without your having to "
        "ask, and you can go to the independent scheme at once."
    )


def _unasked(_: _Day, __: _Found) -> str:
    return "You need not ask for this letter. We send it to you as soon as we can go no further."


def _window(day: _Day, found: _Found) -> str:
    months = day.law.adr_window.on(day.on).value
    dispute = day.code.dispute_resolution
    if dispute and found.problem.where == dispute.window_without_letter_where:
        return "Where we have sent you no such letter, there is no last day."
    return f"You have {saying.counted(months, 'month')} from our letter to go to the independent scheme."


def _not_a_scheme(day: _Day, found: _Found) -> str:
    bodies = day.law.not_scheme_mentions(found.words)
    reason = bodies[0].body.reason if bodies else "This body is no approved scheme."
    return f"{reason} A complaint that we do not settle can go to {day.goes_to}."


def _not_approved(day: _Day, _: _Found) -> str:
    return f"This is no approved scheme. A complaint that we do not settle can go to {day.goes_to}."


def _silent_on_scheme(day: _Day, _: _Found) -> str:
    return f"A complaint that we do not settle can go to {day.goes_to}."


def _ours(day: _Day, _: _Found) -> str:
    return f"Our scheme is {day.goes_to}."


def _revoked(day: _Day, _: _Found) -> str:
    began = day.law.rule("CH-02").start
    since = f"Since {in_words(began)} " if began else ""
    return f"The condition that is named here by its number was revoked. {since}Ofcom’s conditions are lettered A to C."


def _closed_platform(day: _Day, _: _Found) -> str:
    began = day.law.rule("AD-20").start
    return (
        f"The European platform closed on {in_words(began)}."
        if began
        else "The European platform has closed."
    )


def _sums(day: _Day, _: _Found) -> str:
    sums = [
        f"{saying.pounds(day.law.automatic_compensation[event].on(day.on).value)} for {words}"
        for event, words in _EVENTS.items()
    ]
    return f"The sums of the automatic compensation scheme are now {saying.listed(sums)}."


_EVENTS = {
    Compensation.DELAYED_REPAIR: "each day of a late repair",
    Compensation.MISSED_APPOINTMENT: "each missed appointment",
    Compensation.DELAYED_START: "each day of a late start",
}


def _size(day: _Day, _: _Found) -> str:
    return (
        f"A business can go to the independent scheme if it has up to {day.law.small_business_size.on(day.on).value} "
        "people."
    )


def _never_by_silence(day: _Day, _: _Found) -> str:
    if day.code.closing is None or not day.code.closing.silence:
        return "We do not close a complaint because you have not answered."
    return (
        "We do not close a complaint because of silence alone: we first write to you twice, at least 10 working days "
        "apart, and a person decides."
    )


def _personal(day: _Day, _: _Found) -> str:
    days = saying.counted(day.law.dp_acknowledge_days.on(day.on).value, "day")
    return f"We acknowledge a complaint about personal information within {days}."


_TOLD: Mapping[str, Callable[[_Day, _Found], str]] = {
    "STALE_THRESHOLD": _wait,
    "MISSING_ADR_PERIOD": _wait,
    "NO_DEADLOCK_ROUTE": _at_deadlock,
    "DEADLOCK_ON_REQUEST": _unasked,
    "WRONG_ADR_WINDOW": _window,
    "OFCOM_OR_ISPA_AS_ADR": _not_a_scheme,
    "SCHEME_NOT_APPROVED": _not_approved,
    "MISSING_SCHEME": _silent_on_scheme,
    "WRONG_SCHEME_FOR_PROVIDER": _ours,
    "REVOKED_CONDITION": _revoked,
    "DEAD_ODR_LINK": _closed_platform,
    "COMP_AMOUNT_FOR_DATE": _sums,
    "BOUNDARY_10": _size,
    "CLOSE_BY_SILENCE": _never_by_silence,
    "DP_ACKNOWLEDGE_LATE": _personal,
}
"""What is told of each finding, in the order in which one box tells several."""
_ORDER = {rule: place for place, rule in enumerate(_TOLD)}


# --- What is retired of a scheme --------------------------------------------------------------------------------------

_REACHED_BY = {
    "phone": "by phone on {}",
    "email": "by email at {}",
    "domain": "on its website, {}",
    "address": "by post at {}",
}


def _retired(day: _Day, source: MappingNode) -> Iterator[tuple[Where, AppliesToday]]:
    """Old names and details of a scheme, one note for each clause that has any."""
    try:
        mentions = Judged(day.code, source, day.law, day.on, day.memberships).retired
    except NotKnown:
        return
    old: dict[str, list[tuple[Where, RetiredMention]]] = {}
    for node, mention in mentions:
        another = day.own is not None and day.own.id != mention.scheme.id
        # Whoever belongs to another scheme is told so; how to reach this one would lead astray.
        if mention.confidence != "R" and not another:
            old.setdefault(_clause_at(source, node.where), []).append((node.where, mention))
    for found in old.values():
        rules = tuple(dict.fromkeys(mention.rule for _, mention in found))
        text = " ".join(_present([mention for _, mention in found]))
        yield found[0][0], AppliesToday(text, rules)


def _present(mentions: list[RetiredMention]) -> Iterator[str]:
    names = {" ".join(m.text_as_found.split()): m.current_value for m in mentions if m.kind == "name"}
    for name, now in names.items():
        yield f"{name} is now called {named(now)}."
    ways = [
        words.format(next(m.current_value for m in mentions if m.kind == kind))
        for kind, words in _REACHED_BY.items()
        if any(m.kind == kind for m in mentions)
    ]
    if ways:
        name = named(mentions[0].scheme.name)
        yield f"{name[0].upper()}{name[1:]} is now reached {saying.listed(ways)}."


# --- Where in the file ------------------------------------------------------------------------------------------------


def _clause_at(source: MappingNode, where: Where) -> str:
    """The id of the innermost part of the file that has one and holds this place."""
    return next((clause for place, clause, _ in reversed(_places(source)) if place <= where), NO_CLAUSE)


def _words_at(source: MappingNode, where: Where) -> str:
    return next((words for place, _, words in reversed(_places(source)) if place <= where), "")


def _places(source: MappingNode) -> list[tuple[Where, str, str]]:
    """Every key and value in the order of the file: its place, the clause that it belongs to, its words."""
    return list(_walk(source, NO_CLAUSE))


def _walk(node: Node, clause: str) -> Iterator[tuple[Where, str, str]]:
    match node:
        case ScalarNode():
            yield node.where, clause, node.text
        case SequenceNode():
            for item in node.items:
                yield from _walk(item, clause)
        case MappingNode():
            for key, value in node.items:
                inside = _own_id(value) or _own_id(node) or clause
                yield key.where, inside, key.text
                yield from _walk(value, inside)


def _own_id(node: Node) -> str:
    found = node.get("id") if isinstance(node, MappingNode) else None
    return found.text if isinstance(found, ScalarNode) else ""
