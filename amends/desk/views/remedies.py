"""Where the reason of an alarm is mended: for each kind the one action or page, where this person may take it.

An alarm's key names what it is about (`alarms.key`): a provider, a case, a letter, a message, a mailbox. Of a worker that
sleeps, and of what only the one at the machine can do, nothing on a page mends it: there the runbook alone is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amends.core.duties import Action
from amends.desk import access, chat_filing, keeping, providers, redress, refold
from amends.desk.forms.deeds import SETTLES
from amends.desk.inbox import QUARANTINE
from amends.desk.models import Alarm, CaseRow, Mailbox, RoleName
from amends.desk.outbox import POISON
from amends.desk.views.here import KEEP, READ, WORK, Here


@dataclass(frozen=True, slots=True)
class Remedy:
    """What a person presses to mend the reason of an alarm: its words and its address."""

    words: object
    address: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Whoever looks, and what several alarms are about, asked for once: cases by their numbers, mailboxes by address."""

    here: Here
    cases: dict[str, str]
    boxes: dict[str, int]


def remedies(alarms: Sequence[Alarm], here: Here) -> list[Remedy | None]:
    """Of each alarm the one action that mends its reason; None where this person has none at the desk."""
    abouts = [alarm.key.partition(": ")[2].removeprefix(f"{here.provider.pk}/") for alarm in alarms]
    numbers = {int(a) for a, x in zip(abouts, alarms, strict=True) if x.kind in _BY_NUMBER and a.isdecimal()}
    boxes = {a for a, x in zip(abouts, alarms, strict=True) if x.kind in _BOXES}
    cases = (
        access.cases(here.person, here.provider.pk).filter(pk__in=numbers)
        if numbers
        else CaseRow.objects.none()
    )
    theirs = (
        Mailbox.objects.filter(provider=here.provider, address__in=boxes) if boxes else Mailbox.objects.none()
    )
    place = _Place(
        here, {str(pk): reference for pk, reference in cases.values_list("pk", "reference")},
        dict(theirs.values_list("address", "pk")),
    )  # fmt: skip
    return [
        _REMEDIES[alarm.kind](place, about) if alarm.kind in _REMEDIES else None
        for alarm, about in zip(alarms, abouts, strict=True)
    ]


def _page(
    words: object, name: str, query: str = "", roles: frozenset[RoleName] = READ
) -> Callable[[_Place, str], Remedy | None]:
    """A page on which it is mended, for those who may open it."""

    def made(at: _Place, _about: str) -> Remedy | None:
        here = at.here
        if not here.may(roles):
            return None
        return Remedy(words, reverse(name, args=[here.provider.pk]) + query)

    return made


def _case(at: _Place, about: str) -> Remedy | None:
    """The case whose reference the alarm names."""
    return _opened(at.here, about.partition("/")[0]) if at.here.reads else None


def _case_by_number(at: _Place, about: str) -> Remedy | None:
    """The case that the alarm knows by its number in the database."""
    return _opened(at.here, at.cases.get(about, ""))


def _opened(here: Here, reference: str) -> Remedy | None:
    return (
        Remedy(_("Open the case"), reverse("case", args=[here.provider.pk, reference])) if reference else None
    )


def _deed(action: Action, words: object, names: str = "") -> Callable[[_Place, str], Remedy | None]:
    """An action on the case that the alarm names; `names` is the box in which what stands behind its reference goes."""

    def made(at: _Place, about: str) -> Remedy | None:
        here = at.here
        reference, _slash, rest = about.partition("/")
        deed = SETTLES[action]
        if not (reference and here.may(deed.roles)):
            return _case(at, about)
        query = f"?{urlencode({names: rest})}" if names and rest else ""
        return Remedy(words, reverse("deed", args=[here.provider.pk, reference, deed.slug]) + query)

    return made


def _letter(at: _Place, about: str) -> Remedy | None:
    """The letter of this key."""
    if not (at.here.reads and about):
        return None
    return Remedy(_("Open the letter"), reverse("letter", args=[at.here.provider.pk, about]))


def _doubtful(at: _Place, about: str) -> Remedy | None:
    """Saying what became of the letter of this key."""
    deed, reference = SETTLES[Action.LOOK_AT_LETTER], about.partition("/")[0]
    if not (reference and at.here.may(deed.roles)):
        return _letter(at, about)
    address = reverse("deed", args=[at.here.provider.pk, reference, deed.slug])
    return Remedy(_("Say what became of it"), f"{address}?{urlencode({'key': about}, safe='/')}")


def _message(at: _Place, about: str) -> Remedy | None:
    """Saying where a message belongs."""
    try:
        message = UUID(about)
    except ValueError:
        return None
    address = reverse("message", args=[at.here.provider.pk, message])
    return Remedy(_("Say where it belongs"), address) if at.here.reads else None


def _mailbox(at: _Place, about: str) -> Remedy | None:
    """Trying a mailbox, which quotes its server; those who may not set it see how all do."""
    from amends.desk.views.mailboxes import SETS_MAILBOXES  # noqa: PLC0415 - its forms are wanted on few pages

    box = at.boxes.get(about)
    if box is None or not at.here.may(SETS_MAILBOXES):
        return _page(_("See the mailboxes"), "mailboxes", roles=KEEP)(at, "")
    return Remedy(_("Try the mailbox"), reverse("mailbox", args=[at.here.provider.pk, box]))


_BOXES: Final = ("mailbox silent", "mailbox unheard", "mailbox sign-on")
_BY_NUMBER: Final = (POISON, refold.UNFOLDED_CASE, "late hint")

_REMEDIES: Final[dict[str, Callable[[_Place, str], Remedy | None]]] = {
    "letters unsent": _page(_("See what has not left"), "letters", "?state=ready"),
    "letter put off": _letter,
    "letter in doubt": _doubtful,
    "letter undelivered": _deed(Action.ADD_WAY, _("Add a way to reach the customer")),
    "letter to post": _page(_("Print and post it"), "letters", "?state=post"),
    "no way to reach": _deed(Action.ADD_WAY, _("Add a way to reach the customer")),
    "letters held": _page(_("Let go or drop what waits"), "sending", roles=KEEP),
    "messages unfiled": _page(_("See the mail"), "mail"),
    QUARANTINE: _message,
    "messages wait": _page(_("Say where they belong"), "mail", "?state=held"),
    "chats wait": _page(_("Answer the chats"), "chats", roles=WORK),
    "needs wait": _page(_("Ask about them"), "customer-book", "?show=reviews"),
    **dict.fromkeys(_BOXES, _mailbox),
    "contact time over": _deed(Action.SETTLE_TIME, _("Say what became of it"), "appointment"),
    "lessons wait": _page(_("Decide on the lessons"), "lessons", roles=access.SEES_LESSONS),
    "holds wait": _page(_("See the held cases"), "retention", "?state=held", roles=access.SEES_LESSONS),
    "not erased": _page(_("See what is to be erased"), "retention", roles=access.SEES_LESSONS),
    "scheme decision": _case,
    "promises soon": _page(_("See what falls due"), "my-day", "?whose=team"),
    "calendar ends": _page(_("See the bank holidays"), "bank-holidays", roles=KEEP),
    providers.SCHEME_UNKNOWN: _page(_("Record the scheme"), "scheme", roles=KEEP),
    keeping.STUCK: _case,
    keeping.UNDECIDED: _deed(Action.DECIDE_COMPLAINT, _("Decide: was this a complaint?")),
    redress.CAME_BACK: _page(_("See what came back"), "money", "?state=trouble"),
    **dict.fromkeys(_BY_NUMBER, _case_by_number),
    "no PDF": _letter,
    "letter to look at": _letter,
    chat_filing.FAULT: _page(_("See the chats"), "chats", roles=WORK),
}
"""By the kind of the alarm. What only the one at the machine mends stands not here (`test_pages` holds the list whole)."""
