"""Rules about what was left in a code by mistake or by age: gaps to fill in, revoked rules, dead links, old sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from amends.core.check.judged import Finding, Judged
from amends.core.check.words import FREE
from amends.core.dated import in_words
from amends.core.law import Compensation
from amends.core.problems import Severity
from amends.core.source import scalars

_GAP = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\$\{[^}]*\}|%[A-Z_]{3,}%|<<[^>]+>>"
    r"|\[(?:insert|your|enter|add|company|provider|name|date|phone|telephone|email|address|number|link)\b[^\]]*\]"
    r"|<(?:insert|your|enter|company|provider|name|date|phone|telephone|email|address|number|link)\b[^>]*>"
    r"|\b(?:TBC|TBD|TO[D]O|XX+|lorem ipsum|to be confirmed)\b",
    re.IGNORECASE,
)
_OLD_CONDITION = re.compile(
    r"\b(?:General Conditions?|GCs?)\s*(?:No\.?\s*|number\s*)?(\d{1,2})(?:\.\d+)*\b", re.IGNORECASE
)
_ODR = re.compile(r"\S*(?:ec\.europa\.eu/(?:consumers/)?odr|webgate\.ec\.europa\.eu/odr)\S*", re.IGNORECASE)
_ADR_REGULATIONS = re.compile(
    r"2015\s*(?:/|No\.?)\s*542|Alternative Dispute Resolution for Consumer Disputes[^.]{0,70}Regulations 2015"
    r"|ADR Regulations 2015",
    re.IGNORECASE,
)
_POUNDS = re.compile(r"£\s?(\d{1,4}(?:\.\d{2})?)(?!\d|\.\d)")
_EVENTS = {
    Compensation.DELAYED_REPAIR: re.compile(
        r"repair|loss of service|fault|fixed|automatic compensation", re.IGNORECASE
    ),
    Compensation.MISSED_APPOINTMENT: re.compile(
        r"appointment|engineer|automatic compensation", re.IGNORECASE
    ),
    Compensation.DELAYED_START: re.compile(r"start|activat|begin|automatic compensation", re.IGNORECASE),
}
"""What each sum is paid for: five pounds alone are five pounds."""


def unrendered_placeholder(judged: Judged) -> Iterator[Finding]:
    """A gap that somebody meant to fill in: [insert name], {{phone}}, TBC."""
    for path, node in scalars(judged.source):
        if path[-1:] != ("note",):
            for found in _GAP.finditer(node.text):
                yield Finding(
                    node.at(*found.span()),
                    f"'{found.group()}' was never filled in.",
                    "Fill it in, or delete it.",
                )


def words_cut_off(judged: Judged) -> Iterator[Finding]:
    """Words without quotes behind which a '#' stands: what follows it is a comment, and nobody ever reads it."""
    for path, node in scalars(judged.source):
        if node.cut and path[-1] in FREE:
            yield Finding(
                node.end,
                f"The words of '{path[-1]}' end here: what stands behind '#' on this line is a comment.",
                "Put the words in quotes, or the comment on a line of its own.",
                "Whoever writes 'our #1 aim' publishes half a sentence, and hears nothing of it.",
                Severity.WARNING,
            )


def gap_in_document(judged: Judged) -> Iterator[Finding]:
    """A clause that the document announces and leaves empty. It is shown as such, and never filled in."""
    for clause in judged.code.clauses:
        if clause.unknown:
            yield Finding(
                clause.where,
                f"'{clause.id}' stands empty: {clause.unknown}",
                "Ask whoever wrote the document what belongs there; until then leave it empty.",
                "A customer who looks for it finds nothing.",
                Severity.WARNING,
            )


def revoked_condition(judged: Judged) -> Iterator[Finding]:
    """A General Condition by its number from before 1 October 2018 (GC 14, General Condition 23)."""
    began = judged.law.rule("CH-02").start
    if began is None or judged.on < began:
        return
    for sentence in judged.sentences:
        for found in _OLD_CONDITION.finditer(sentence.text):
            yield Finding(
                sentence.at(*found.span()),
                f"'{found.group()}' was revoked; since {in_words(began)} the conditions are lettered A to C.",
                "Delete it, or name the condition of today: complaints are in C4, switching and misleading sales in C7.",
                "A code that rests on a revoked rule looks as if nobody had read it since.",
            )


def dead_odr_link(judged: Judged) -> Iterator[Finding]:
    """A link to the European platform for online dispute resolution, which has closed."""
    began = judged.law.rule("AD-20").start
    if began and judged.on >= began:
        for sentence in judged.sentences:
            for found in _ODR.finditer(sentence.text):
                yield Finding(
                    sentence.at(*found.span()),
                    f"'{found.group()}' leads nowhere since {in_words(began)}.",
                    "Delete the link and the words around it.",
                )


def revoked_si_2015_542(judged: Judged) -> Iterator[Finding]:
    """The regulations of 2015 on alternative dispute resolution, which have been revoked."""
    began = judged.law.rule("AD-19").start
    if began and judged.on >= began:
        for sentence in judged.sentences:
            for found in islice(_ADR_REGULATIONS.finditer(sentence.text), 1):
                yield Finding(
                    sentence.at(*found.span()),
                    f"'{found.group()}' has been revoked since {in_words(began)}, as far as one source tells.",
                    "Delete it; the duty now stands in section 308 of the Act of 2024.",
                    severity=Severity.WARNING,
                )


def comp_amount_for_date(judged: Judged) -> Iterator[Finding]:
    """A sum of automatic compensation that belongs to another year than the day of judgement."""
    for sentence in judged.sentences:
        words = f"{sentence.context} {sentence.text}" if "£" in sentence.text else ""
        events = [event for event, about in _EVENTS.items() if about.search(words)]
        for found in _POUNDS.finditer(sentence.text):
            stale = _stale_sum(Decimal(found[1]), events, judged)
            if stale:
                event, current = stale
                yield Finding(
                    sentence.at(*found.span()),
                    f"'{found.group()}' was the sum for a {event} in another year; it is £{current:.2f} on "
                    f"{in_words(judged.on)}.",
                    f"Write £{current:.2f}, or say where the sum of the day can be found.",
                )


def _stale_sum(
    sum_: Decimal, events: list[Compensation], judged: Judged
) -> tuple[Compensation, Decimal] | None:
    """The event that this sum was once paid for, with the sum of the day; None where it is right or something else."""
    for event in events:
        series = judged.law.automatic_compensation[event]
        if any(entry.value == sum_ for entry in series.entries):
            current = series.on(judged.on).value
            return None if current == sum_ else (event, current)
    return None
