"""What waits beside the queue of My day: alarms, mail, chats, letters; each with its runbook section and its one action.

Each is looked at by its oldest row; nothing is counted but the alarms of one kind, of which the first is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amends.core.calendar import london_date, midnight
from amends.desk import access, alarms
from amends.desk.customers import recorded
from amends.desk.lost_letters import LOST, unreplaced
from amends.desk.models import Alarm, ChatState, Outgoing
from amends.desk.views.here import Here
from amends.desk.views.remedies import Remedy, remedies
from amends.desk.watch import urgency

KINDS_SHOWN: Final = 8
ALARMS_LOOKED_AT: Final = 100
SAID_BELOW: Final = (
    "messages wait", "letter in doubt", "quarantine", "worker asleep", "chats wait", "needs wait",
)  # fmt: skip
"""Alarms whose matter is told here by itself, or at the head of every page, from its first minute."""
UNDELIVERED: Final = "letter undelivered"
"""The alarm that names a letter which did not arrive."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Something beside the queue that waits for somebody: since when, where to go, and what the runbook calls it."""

    words: str
    address: str
    since: datetime | None
    runbook: str
    mends: Remedy | None = None
    """The one action that settles it; None where nothing at the desk does."""
    more: str = ""
    """How many others of its kind there are, in words."""

    @property
    def heading(self) -> str:
        """The anchor of its section in the runbook."""
        return slugify(self.runbook)


def watch(here: Here) -> Iterator[Watched]:
    """What waits beside the queue, the alarms first."""
    yield from _alarms(here)
    yield from _people(here)
    messages = access.messages_for(here.person, here.provider.pk)
    for state, words, does, runbook in (
        ("held", _("Mail waits for a person to say where it belongs"), _("Say where it belongs"),
         "Messages wait for a person"),
        ("quarantined", _("Mail could not be read or filed"), _("Deal with it"), "Messages in quarantine"),
    ):  # fmt: skip
        oldest = messages.filter(state=state).order_by("received").values_list("received", flat=True).first()
        if oldest:
            yield _at(
                here,
                words,
                f"{reverse('mail', args=[here.provider.pk])}?state={state}",
                oldest,
                does,
                runbook,
            )
    letters = unreplaced(access.outgoing_for(here.person, here.provider.pk))
    named = _named_above(here)
    for states, words, tab, does, runbook in (
        (("in doubt",), _("A letter is in doubt: it may or may not have left"), "trouble", _("Say what became of it"),
         "A letter in doubt"),
        (LOST, _("A letter did not arrive"), "trouble", _("See which, and send it again"),
         "A letter of the law did not arrive"),
        (("to post",), _("Letters wait to be printed and posted"), "post", _("Print and post them"),
         "An ADR letter that nobody posts"),
    ):  # fmt: skip
        since = _oldest(letters.exclude(key__in=named) if states == LOST else letters, states)
        if since:
            address = f"{reverse('letters', args=[here.provider.pk])}?state={tab}"
            yield _at(here, words, address, since, does, runbook)


def _named_above(here: Here) -> list[str]:
    """The letters that did not arrive of which an alarm tells already: nobody reads of one twice."""
    standing = access.alarms_for(here.person).filter(provider=here.provider, kind=UNDELIVERED)
    keys = standing.values_list("key", flat=True)[:ALARMS_LOOKED_AT]
    return [key.removeprefix(alarms.key(UNDELIVERED, f"{here.provider.pk}/")) for key in keys]


def _people(here: Here) -> Iterator[Watched]:
    """Customers who sit in the chat, and those who are to be asked what they need."""
    waits = access.chats_for(here.person, here.provider.pk).filter(over=False, state=ChatState.WAITING)
    since = waits.order_by("opened", "id").values_list("opened", flat=True).first()
    if since:
        chats = reverse("chats", args=[here.provider.pk])
        words = _("Somebody waits in the chat")
        yield _at(here, words, chats, since, _("Answer the chat"), "Chats wait for somebody")
    needs = recorded.to_review(access.needs_for(here.person, here.provider.pk), london_date(here.now))
    asked_from = needs.values_list("review", flat=True).first()
    if asked_from:
        reviews = f"{reverse('customer-book', args=[here.provider.pk])}?show=reviews"
        words = _("Customers are to be asked whether they still need what we recorded")
        yield _at(here, words, reviews, midnight(asked_from), _("Ask them"), "Needs wait to be asked about")


def _at(here: Here, words: str, address: str, since: datetime, does: str, runbook: str) -> Watched:
    """Something that is settled on one page; whoever only looks goes there all the same."""
    return Watched(words, address, since, runbook, Remedy(does, address) if here.works else None)


def _oldest(letters: QuerySet[Outgoing], states: tuple[str, ...]) -> datetime | None:
    """When the oldest letter in one of these states was decided: each state by itself is one look at an index."""
    found = [letters.filter(state=state).order_by().values_list("decided_at", flat=True) for state in states]
    return found[0].union(*found[1:], all=True).order_by("decided_at").first()


def _alarms(here: Here) -> Iterator[Watched]:
    """The alarms that stand, the most urgent kind first; the first of each kind, and how many more there are."""
    standing = access.alarms_for(here.person).filter(Q(provider=here.provider) | Q(provider=None))
    found = sorted(
        standing.exclude(kind__in=SAID_BELOW)[:ALARMS_LOOKED_AT],
        # What names one case or letter stands before what counts several.
        key=lambda a: (urgency(a.kind), a.kind, -a.key.count("/"), a.raised, a.pk),
    )
    page = reverse("alarms", args=[here.provider.pk])
    kinds = [list(of_kind) for _kind, of_kind in groupby(found, key=lambda a: a.kind)]
    shown = kinds[:KINDS_SHOWN]
    mends = remedies([first for first, *_others in shown], here)
    for (first, *others), does in zip(shown, mends, strict=True):
        more = ngettext("and %(n)s more alarm of its kind", "and %(n)s more alarms of its kind", len(others))
        yield Watched(
            first.text, f"{page}#alarm-{first.pk}", first.raised, first.runbook, does,
            more % {"n": len(others)} if others else "",
        )  # fmt: skip
    if hidden := kinds[KINDS_SHOWN:]:
        yield Watched(_("More alarms stand"), page, _first(hidden[0]), hidden[0][0].runbook)


def _first(alarms: list[Alarm]) -> datetime:
    return min(alarm.raised for alarm in alarms)
