"""Where a dispute at a scheme stands, as its customer reads it in the portal: plain sentences, and no word of the file.

AD-10: whoever took a complaint to a scheme need not accept its decision; accepted, we do what it says by the scheme's limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from amends.core import awards, scheme_decision
from amends.core.calendar import london_date
from amends.core.scheme_decision import Standing
from amends.desk import dates_said

if TYPE_CHECKING:
    from datetime import date, datetime

    from amends.core.case import Case
    from amends.desk.opened import Opened


def told(opened: Opened, today: date) -> list[str]:
    """The sentences, in the order of what happened; none where no scheme has had the case, and they told us of none."""
    said = list(_told(opened, today)) if opened.case.referral is not None else []
    return [*said, *_their_word(opened)]


def state(case: Case) -> str:
    """In few words where an open case stands while a scheme has to do with it; empty where none has."""
    stands = scheme_decision.standing(case) if case.closed is None else None
    return (
        {
            Standing.WITH_SCHEME: _("An independent scheme looks into it"),
            Standing.WAITS_FOR_ANSWER: _("The scheme has decided, and waits for your answer"),
            Standing.TO_CARRY_OUT: _("We do what was decided at the scheme"),
            Standing.CARRIED_OUT: _("We have done what was decided at the scheme"),
        }.get(stands, "")
        if stands
        else ""
    )


def _their_word(opened: Opened) -> Iterator[str]:
    """What they told us of a scheme that has not told us itself: it is theirs, and nothing of ours rests on it yet."""
    case = opened.case
    if case.scheme_told is not None:
        told = case.scheme_told
        scheme = next((s.name for s in opened.book.law.schemes if s.id == told.scheme), told.scheme)
        yield _("You told us that you took this to an independent scheme, %(scheme)s, on %(day)s.") % {
            "scheme": scheme, "day": _day(told.applied),
        }  # fmt: skip
        if told.number:
            yield _("You gave us its number for it: %(number)s.") % {"number": told.number}
        yield _("We ask the scheme next. Once it tells us that it has your complaint, we send it our papers.")
        yield _(
            "You need do nothing more here. If something is wrong, or you have its number now, tell us again."
        )
    elif case.scheme_not_found is not None:
        yield _(
            "We asked the scheme on %(day)s. It does not have your complaint yet. If you did apply, ask the scheme, "
            "and then tell us again with the number that it gives you."
        ) % {"day": _day(case.scheme_not_found.at)}


def _told(opened: Opened, today: date) -> Iterator[str]:
    case = opened.case
    assert case.referral is not None
    scheme = scheme_decision.scheme_of(case, opened.book)
    said = {"scheme": scheme.name if scheme else case.referral.scheme, "day": _day(case.referral.at)}
    yield _("You took this to an independent scheme, %(scheme)s, on %(day)s.") % said
    if case.referral.number:
        yield _("Its number for it is %(number)s.") % {"number": case.referral.number}
    stands = scheme_decision.standing(case)
    if stands is Standing.WITH_SCHEME:
        yield from _waits(opened)
        return
    assert case.scheme_decision is not None
    yield _ENDED[case.scheme_decision.outcome]() % {"day": _day(case.scheme_decision.at)}
    yield from _then(opened, stands, today)


def _waits(opened: Opened) -> Iterator[str]:
    sent = opened.case.file_sent
    if sent is not None:
        yield _("We sent it what we have on your case on %(day)s.") % {"day": _day(sent)}
    else:
        yield _("We are putting together what we have on your case, and will send it to the scheme.")
    yield _(
        "The scheme decides now, not we. It will tell you and us. We do what you and it ask of us meanwhile."
    )


def _then(opened: Opened, stands: Standing | None, today: date) -> Iterator[str]:
    """What follows from how it ended."""
    case = opened.case
    if stands is Standing.WAITS_FOR_ANSWER:
        limit = scheme_decision.answer_by(case, opened.book)
        yield _("You can accept the decision or refuse it: tell the scheme, not us.")
        if scheme_decision.answer_over(case, opened.book, today) is not None and limit is not None:
            yield _(
                "As far as we know, the scheme’s time for your answer was over on %(day)s. If you have answered it, "
                "or still want to, tell the scheme at once."
            ) % {"day": dates_said.day(limit.day)}
        elif limit is not None:
            yield _("As far as we know, the scheme takes your answer until %(day)s.") % {
                "day": dates_said.day(limit.day)
            }
        yield _("If you accept it, we must do what it says. If you refuse it, you can still go to court.")
    elif stands is Standing.REFUSED:
        yield _("The scheme told us that you refused the decision, so it does not bind us or you.")
    elif stands is Standing.NOT_IN_TIME:
        yield _(
            "The scheme told us that it had no answer from you in time. If that is wrong, tell the scheme."
        )
    elif stands is Standing.TO_CARRY_OUT:
        days = [awards.last_day(awards.due(a, opened.book)) for a in scheme_decision.undone(case)]
        known = [day for day in days if day is not None]
        yield (
            _("We do what was decided by %(day)s at the latest. What it is stands under “What you get”.")
            % {"day": dates_said.day(max(known))}
            if known
            else _("We do what was decided. What it is stands under “What you get”.")
        )
    elif stands is Standing.CARRIED_OUT:
        done = scheme_decision.carried_out(case)
        assert done is not None
        yield _(
            "We have done all that was decided, the last of it on %(day)s. If something is missing, tell us."
        ) % {"day": _day(done)}


def _day(at: datetime) -> str:
    return dates_said.day(london_date(at))


_ENDED = {
    "for the customer": lambda: _("The scheme decided for you on %(day)s."),
    "partly for the customer": lambda: _("The scheme decided partly for you on %(day)s."),
    "for us": lambda: _("The scheme decided on %(day)s that we need not do more."),
    "settled before a decision": lambda: _("You and we agreed on %(day)s, before the scheme had to decide."),
    "not taken up": lambda: _(
        "The scheme told us on %(day)s that it does not take this up. It will have told you why."
    ),
}
