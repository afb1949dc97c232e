"""Rules about letters: every letter that a story under the code comes to can be written from it.

The named examples are told under the code that is judged, and each of their letters is written. What one lacks is found
here, at its line, and not on the day on which a customer waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import MappingProxyType

from amends.core.calendar import Calendar
from amends.core.check.judged import Finding, Judged
from amends.core.code import Trigger
from amends.core.letters.blocks import Heading
from amends.core.letters.examples import Example, examples
from amends.core.letters.matter import Missing
from amends.core.letters.own import REACHING_US
from amends.core.letters.parameters import OF_THE_CODE, lacking
from amends.core.letters.registry import kind_of, write
from amends.core.problems import Where
from amends.core.rulebook import Rulebook

_NAMED = 3
"""How many letters a finding names: the first few, for one lack is often that of all."""
_MEND = {
    "stage": "Add the stage to 'stages', with its role, or let the promise begin at another moment.",
    "way to reach us": "Add a phone number, an email address or a postal address to 'contact'.",
}
_WHY = {
    "stage": "Who asks for the next stage is told by letter who holds the complaint then.",
    "way to reach us": "Every letter ends with how to reach you, and one by post cannot simply be replied to.",
}


def letter_lacks(judged: Judged) -> Iterator[Finding]:
    """A letter that a complaint under this code comes to, and that lacks something which the code does not give.

    Every named example of every letter is written under the code.
    """
    lacks: dict[str, list[str]] = {}
    reasons: dict[str, str] = {}
    for example in examples(_book(judged), judged.code.provider_name):
        for name, reason in _lacking(example):
            reasons[name] = reason
            lacks.setdefault(name, []).append(kind_of(example.letter).title)
    for name, titles in lacks.items():
        yield Finding(
            _where(name, judged),
            f"{_letters(titles)} cannot be filled: {reasons[name]}.",
            _MEND.get(name, "Give it in the code."),
            _WHY.get(name, ""),
        )


def _book(judged: Judged) -> Rulebook:
    """The code with a calendar of plain weeks: which days are bank holidays makes no letter lack anything."""
    plain = Calendar(
        judged.code.nation,
        MappingProxyType({}),
        date(2026, 1, 1),
        date(2030, 12, 31),
        "none: plain weeks",
        "",
    )
    return Rulebook(judged.code, judged.law, plain)


def _lacking(example: Example) -> Iterator[tuple[str, str]]:
    """The names of what the letter of an example lacks, each with why."""
    written = write(example.letter, example.matter)
    if isinstance(written, Missing):
        for name in written.fields:
            yield name, written.why
    elif Heading(REACHING_US) in written.blocks:
        yield from ((lack.name, lack.otherwise) for lack in lacking(OF_THE_CODE, example.matter))


def _letters(titles: list[str]) -> str:
    """The letters by title, each once: the first of them, and how many more there are."""
    named = list(dict.fromkeys(titles))
    more = len(named) - _NAMED
    said = ", ".join(f"'{title}'" for title in named[:_NAMED])
    return (
        f"The letter {said}"
        if len(named) == 1
        else f"The letters {said}{f' and {more} more' if more > 0 else ''}"
    )


def _where(name: str, judged: Judged) -> Where:
    """The line that asks for the letter, or the section that does not give what it needs."""
    if name == "stage":
        asked = (p.where for p in judged.code.promises if p.when is Trigger.ESCALATION_ASKED)
        return next(asked, judged.line_of("stages"))
    return judged.line_of("contact" if name == "way to reach us" else "clauses")
