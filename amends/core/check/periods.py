"""Rules about the way to dispute resolution: after how long, by which letter, and for how long it stays open.

"ADR wait: 6 weeks" (CH-08, for complaints first received on or after 8 April 2026; 8 weeks before that, CH-07). The
ADR letter at deadlock "must be sent proactively; customer need not ask" (CH-12). The customer has 12 months (AD-03).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from amends.core.check.judged import Finding, Judged
from amends.core.check.words import Sentence, negated
from amends.core.code import DeadlockRoute, Owed, Period, Trigger, Unit
from amends.core.dated import in_words
from amends.core.periods import periods_in, rough_days
from amends.core.problems import Severity
from amends.core.shapes import read_day

# Longer than this and the sentence is about how long the scheme stays open, not about when it opens.
_LONGEST_WAIT = 100
_ALLOWANCE = 0.5
_EARLIER = re.compile(
    r"\b(?P<up_to>on or before|until|up to(?: and including)?|before)\s+(?:the\s+)?"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<rest>[A-Za-z]+,?\s+\d{4})",
    re.IGNORECASE,
)
_ASKS_FOR_LETTER = re.compile(
    r"(?:\b(?:ask|request|apply)\b[^.]{0,40}|on request[^.]{0,40})deadlock letter"
    r"|deadlock letter[^.]{0,40}(?:on request|upon request|if you (?:ask|request)|when you (?:ask|request))",
    re.IGNORECASE,
)
_CONTRACT = re.compile(r"minimum term|contract (?:term|length)|initial term", re.IGNORECASE)


def stale_threshold(judged: Judged) -> Iterator[Finding]:
    """A wait before dispute resolution that is longer than the rule of the day.

    It stands in `after`, in a promise of the ADR letter, or in the words. The time that a scheme takes to decide is
    not meant, nor another trade's ombudsman, nor words about complaints made before the last change of the rule.
    """
    dispute = judged.dispute
    if dispute and dispute.after and dispute.after_where and _too_long(dispute.after, judged):
        yield Finding(dispute.after_where, *_stale(str(dispute.after), judged))
    for promise in judged.code.promises:
        on_time = promise.owe is Owed.ADR_LETTER and promise.when is Trigger.COMPLAINT_RECEIVED
        if on_time and promise.within and promise.within_where and _too_long(promise.within, judged):
            yield Finding(promise.within_where, *_stale(str(promise.within), judged))
    for sentence, start, end in _long_waits(judged):
        if not _about_earlier(sentence, judged):
            yield Finding(sentence.at(start, end), *_stale(sentence.text[start:end], judged))


def legacy_carveout_expired(judged: Judged) -> Iterator[Finding]:
    """Words about complaints made before the last change of the wait, on a day when none of those can still run."""
    if judged.on <= judged.law.last_legacy_due:
        return
    expired = in_words(judged.law.last_legacy_due)
    for sentence in judged.sentences:
        # Such words need not name the scheme again: the sentences around them do.
        for start, end in _waits(sentence, judged) if _about_earlier(sentence, judged) else ():
            yield Finding(
                sentence.at(start, end),
                f"'{sentence.text[start:end]}' is for complaints whose time ran out on {expired}.",
                "Delete the words about earlier complaints.",
                "Customers who find two waits in a code do not know which is theirs.",
                Severity.WARNING,
            )


def missing_adr_period(judged: Judged) -> Iterator[Finding]:
    """No `after` in `dispute resolution`: the code does not say when a complaint can go there."""
    if judged.dispute is None or judged.dispute.after is None:
        yield judged.missing(
            "dispute resolution",
            "The code does not say after how long an unresolved complaint can go to dispute resolution.",
            f"Add 'after: {_legal(judged)}' to 'dispute resolution', and say so in the words.",
        )


def no_deadlock_route(judged: Judged) -> Iterator[Finding]:
    """No word of the letter at deadlock, so that customers believe they have to wait for the whole period."""
    if judged.dispute and judged.dispute.deadlock is not DeadlockRoute.NOT_STATED:
        return
    if any("deadlock" in sentence.text.lower() for sentence in judged.sentences):
        return
    yield judged.missing(
        "dispute resolution",
        "The code names no way to dispute resolution before the period is over.",
        "Say that you write to the customer when you can go no further, and that they can then go at once: "
        "'deadlock letter: sent without being asked'.",
    )


def deadlock_on_request(judged: Judged) -> Iterator[Finding]:
    """A deadlock letter that the customer has to ask for."""
    mend = "Send it by yourselves: 'deadlock letter: sent without being asked'."
    dispute = judged.dispute
    if dispute and dispute.deadlock is DeadlockRoute.ON_REQUEST and dispute.deadlock_where:
        yield Finding(dispute.deadlock_where, "The deadlock letter is sent on request only.", mend)
    for sentence in judged.sentences:
        found = _ASKS_FOR_LETTER.search(sentence.text)
        if (
            found
            and not negated(sentence.text, found.start())
            and not negated(found.group(), len(found.group()))
        ):
            yield Finding(
                sentence.at(*found.span()), f"'{found.group()}' has the customer ask for the letter.", mend
            )


def missing_adr_window(judged: Judged) -> Iterator[Finding]:
    """A scheme is named, and not for how long the customer can go to it."""
    dispute = judged.dispute
    if dispute and dispute.scheme and not dispute.window and not any(_windows(judged)):
        yield Finding(
            judged.line_of("dispute resolution"),
            "The code does not say for how long the customer can go to the scheme.",
            f"Add 'window: {_window(judged)}' to 'dispute resolution', and say so in the words.",
        )


def wrong_adr_window(judged: Judged) -> Iterator[Finding]:
    """Another time for going to the scheme than the rule of the day gives, in `window` or in the words.

    Where no letter was sent any time at all is wrong, for then none runs.
    """
    dispute = judged.dispute
    if dispute and dispute.window and dispute.window_where and _not_the_window(dispute.window, judged):
        yield Finding(dispute.window_where, *_wrong_window(str(dispute.window), judged))
    if dispute and dispute.window_without_letter and dispute.window_without_letter_where:
        yield Finding(
            dispute.window_without_letter_where,
            f"The code gives {dispute.window_without_letter} where no letter was sent.",
            "Leave 'without a letter' out, and the words about it: without the letter no time runs (AD-04).",
        )
    for sentence, period, start, end in _windows(judged):
        if _not_the_window(period, judged):
            yield Finding(sentence.at(start, end), *_wrong_window(sentence.text[start:end], judged))


def _legal(judged: Judged) -> Period:
    return Period(judged.adr_days // 7, Unit.WEEKS)


def _too_long(period: Period, judged: Judged) -> bool:
    return rough_days(period) > judged.adr_days + _ALLOWANCE


def _stale(words: str, judged: Judged) -> tuple[str, str]:
    entry = judged.law.adr_period.on(judged.on)
    since = f" since {in_words(entry.start)}" if entry.start else ""
    message = (
        f"'{words}' is too long a wait: it has been {_legal(judged)}{since}, counted from first receipt."
    )
    return message, f"Write {_legal(judged)}."


def _long_waits(judged: Judged) -> Iterator[tuple[Sentence, int, int]]:
    """Every wait for dispute resolution in the words that is longer than the rule of the day."""
    for sentence in judged.sentences:
        if sentence.about_adr:
            yield from ((sentence, start, end) for start, end in _waits(sentence, judged))


def _waits(sentence: Sentence, judged: Judged) -> Iterator[tuple[int, int]]:
    """Where a sentence names a time that would be too long a wait for dispute resolution."""
    if _CONTRACT.search(sentence.text):
        return
    for period, start, end in periods_in(sentence.text):
        countable = period.unit in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.WEEKS, Unit.MONTHS)
        wait = countable and rough_days(period) <= _LONGEST_WAIT and _too_long(period, judged)
        if wait and not sentence.about_deciding(start, end):
            yield start, end


def _about_earlier(sentence: Sentence, judged: Judged) -> bool:
    """Whether the sentence is only for complaints made before the present rule began."""
    began = judged.law.adr_period.on(judged.on).start
    return began is not None and any(
        _last_day(found) == began - timedelta(days=1) for found in _EARLIER.finditer(sentence.text)
    )


def _last_day(found: re.Match[str]) -> date | None:
    day = read_day(f"{found['day']} {found['rest'].replace(',', '')}")
    if day is None:
        return None
    return day - timedelta(days=1) if found["up_to"].lower() == "before" else day


def _window(judged: Judged) -> Period:
    return Period(judged.law.adr_window.on(judged.on).value, Unit.MONTHS)


def _not_the_window(period: Period, judged: Judged) -> bool:
    # 52 weeks and 365 days are 12 months to whoever counts them.
    return abs(rough_days(period) - rough_days(_window(judged))) > 7


def _wrong_window(words: str, judged: Judged) -> tuple[str, str]:
    return (
        f"'{words}' is not how long the customer has: it is {_window(judged)}.",
        f"Write {_window(judged)}.",
    )


def _windows(judged: Judged) -> Iterator[tuple[Sentence, Period, int, int]]:
    """Every length of time in the words that is long enough to be the customer's time for going to a scheme."""
    for sentence in judged.sentences:
        if sentence.about_adr and not _CONTRACT.search(sentence.text):
            for period, start, end in periods_in(sentence.text):
                if rough_days(period) > _LONGEST_WAIT and not sentence.about_deciding(start, end):
                    yield sentence, period, start, end
