"""The settings of a provider on one page: what can be set, what stands today, and only what this person may open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amends.core.calendar import london_date
from amends.desk import limits as sums
from amends.desk import redress, stationery
from amends.desk.models import DoorKey
from amends.desk.retention.rule import rule_of
from amends.desk.views import (
    audit,
    code_versions,
    holidays,
    house,
    keys,
    letter_words,
    letterheads,
    limits,
    mailboxes,
    money,
    people,
    porting,
    reports,
    retention,
    sending,
    service_terms,
    sharing,
    sign_ins,
)
from amends.desk.views.here import EVERYBODY, Guarded, Here, console
from amends.desk.views.pages import show


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set: its name, what it does, what stands today, and where it is set."""

    words: str
    about: str
    address: str
    stands: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Settings that belong together."""

    id: str
    title: str
    settings: tuple[Setting, ...]


@console(roles=EVERYBODY)
def settings(request: HttpRequest, here: Here) -> HttpResponse:
    """Every setting that this person may open, in its section."""
    found = [section for section in _sections(here) if section.settings]
    return show(request, here, "console/settings.html", at="house", sections=found)


def _sections(here: Here) -> Iterator[Section]:
    yield Section("people", _("People"), tuple(_people(here)))
    yield Section("work", _("How work is shared"), tuple(_work(here)))
    yield Section("promises", _("What is promised"), (*_promises(here), *_service_terms(here)))
    yield Section("words", _("What customers read"), tuple(_words(here)))
    yield Section("systems", _("Your other systems"), tuple(_systems(here)))
    yield Section("kept", _("What is kept"), tuple(_kept(here)))
    yield Section("proof", _("What was changed"), tuple(_proof(here)))


def _if(here: Here, page: Any, name: str, words: str, about: str, stands: str = "") -> Iterator[Setting]:
    """A setting, for whoever may open its page."""
    guarded: Guarded = page
    if here.may(guarded.roles):
        yield Setting(words, about, reverse(name, args=[here.provider.pk]), stands)


def _people(here: Here) -> Iterator[Setting]:
    yield from _if(
        here, people.people, "people", _("People and roles"), _("Who works here, and what each may do.")
    )
    yield from _if(
        here,
        sign_ins.rules,
        "sign-in-rules",
        _("Signing in"),
        _("Second factors, single sign-on, when somebody is signed out."),
    )
    yield from _if(
        here,
        sign_ins.sign_ins,
        "sign-ins",
        _("Log of sign-ins"),
        _("Who came in, when, and who was refused."),
    )


def _work(here: Here) -> Iterator[Setting]:
    yield from _if(
        here,
        sharing.assignment,
        "assignment",
        _("Who gets a new case"),
        _("Rules by kind, category, stage, nation, need and account manager."),
    )
    yield from _if(
        here,
        sharing.code_roles,
        "code-roles",
        _("Who fills the roles of the code"),
        _("What is escalated to a role waits for the people behind it."),
    )
    yield from _if(
        here,
        sharing.absences,
        "absences",
        _("Absence and handover"),
        _("Who is away, who takes their cases, and how they come back."),
    )
    count = len(sums.limits(here.provider.pk))
    said = ngettext("%(count)s limit is set.", "%(count)s limits are set.", count) % {"count": count}
    stands = said if count else _("No limit is set.")
    yield from _if(
        here,
        limits.limits,
        "limits",
        _("Limits"),
        _("How much each role may decide before a second person agrees."),
        stands,
    )
    yield from _if(
        here,
        reports.lists,
        "lists",
        _("Categories and root causes"),
        _("The words by which cases are sorted."),
    )


def _promises(here: Here) -> Iterator[Setting]:
    yield from _if(
        here,
        holidays.bank_holidays,
        "bank-holidays",
        _("Bank holidays"),
        _("Until when they are known; a day that was proclaimed, and what it would move."),
    )
    yield from _if(
        here,
        code_versions.next_version,
        "code-next",
        _("Write the next version of the code"),
        _("Hours, contacts, stages, periods: checked line by line, in force from a day to come."),
    )
    yield from _if(
        here,
        house.house,
        "house",
        _("The codes in their versions"),
        _("What was published, from when, with every problem at its line."),
    )
    yield from _if(
        here, house.scheme, "scheme", _("Dispute-resolution scheme"), _("Where customers can go, since when.")
    )
    signed = any(s.on(london_date(here.now)) for s in redress.signed(here.provider.pk))
    yield from _if(
        here,
        money.signature,
        "signature",
        _("Automatic compensation"),
        _("Whether the provider has signed the voluntary code, and since when."),
        _("Signed.") if signed else _("Not signed."),
    )


def _words(here: Here) -> Iterator[Setting]:
    unread = stationery.unread_words(here.provider.pk, london_date(here.now))
    yield from _if(
        here,
        letter_words.letter_words,
        "letter-words",
        _("Own words in letters"),
        _("Paragraphs of your own, tried on example letters before they are in force."),
        _("Those in force cannot be read any more, and stand in no letter.") if unread else "",
    )
    yield from _if(
        here,
        letterheads.letterheads,
        "letterheads",
        _("Letterhead"),
        _("How letters look: logo, return address, signature."),
    )
    yield from _if(
        here, sending.sending, "sending", _("Outgoing mail"), _("Whether letters leave, and which are held.")
    )
    yield from _if(
        here,
        mailboxes.mailboxes,
        "mailboxes",
        _("Mailboxes"),
        _("Where the desk hears and writes, with a button that tries them."),
    )


def _kept(here: Here) -> Iterator[Setting]:
    rule = rule_of(here.provider.pk)
    stands = (
        ngettext("%(count)s month after closing.", "%(count)s months after closing.", rule.months)
        % {"count": rule.months}
        if rule
        else _("Nothing is erased by itself.")
    )
    yield from _if(
        here,
        retention.retention,
        "retention",
        _("How long words are kept"),
        _("When the words of ended cases are erased, and which are held."),
        stands,
    )


def _service_terms(here: Here) -> Iterator[Setting]:
    yield from _if(
        here,
        service_terms.service_terms,
        "service-terms",
        _("Terms of service"),
        _("By service and in versions: which ones apply on a day."),
    )
    yield from _if(
        here,
        porting.port_rules,
        "port-rules",
        _("Moving numbers"),
        _("Which numbers move, which way and with whom; and whether one can."),
    )


def _systems(here: Here) -> Iterator[Setting]:
    held = DoorKey.objects.filter(provider=here.provider, revoked__isnull=True).count()
    stands = ngettext("%(count)s key is in use.", "%(count)s keys are in use.", held) % {"count": held}
    yield from _if(
        here,
        keys.keys,
        "keys",
        _("Keys"),
        _("By which a CRM writes customers, and billing fetches what is owed."),
        stands if held else _("No system has one."),
    )


def _proof(here: Here) -> Iterator[Setting]:
    yield from _if(
        here,
        audit.audit,
        "audit",
        _("Audit log"),
        _("Every change to this desk: who made it, when, and what."),
    )
