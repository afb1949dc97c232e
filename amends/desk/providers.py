"""Providers: adopting a code, belonging to a scheme, switching mail on, and what then becomes of held letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Min

from amends.core.build import build
from amends.core.calendar import london_date, midnight
from amends.core.check import judge
from amends.core.code import Code
from amends.core.duties import ADR
from amends.core.facts import LetterFate
from amends.core.may import Refusal
from amends.core.problems import Problem, Severity, Where
from amends.core.schemes import Membership
from amends.desk import alarms
from amends.desk.comments import waiting
from amends.desk.freeze import HELD, thaw
from amends.desk.models import (
    AdoptedCode,
    AuditEntry,
    CaseRow,
    Mail,
    Mailbox,
    Outgoing,
    Provider,
    SchemeMembership,
)
from amends.desk.record import docket
from amends.law import law

SCHEME_UNKNOWN = "scheme unknown"
SEND, DROP = "send", "drop"
AT_ONCE = 20
"""How many cases one docket holds, so that no transaction keeps others waiting."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """A code in force for its provider."""

    provider: str
    code: str
    version: str
    in_force_from: date | None
    again: bool = False
    """Whether this very text had been adopted before."""
    warnings: tuple[Problem, ...] = ()
    comments: int = 0
    """How many comments of readers on the provider's codes nobody has considered yet (O-review)."""

    def as_json(self) -> dict[str, str | None]:
        """The answer of `amends adopt`."""
        day = self.in_force_from.isoformat() if self.in_force_from else None
        return {"provider": self.provider, "code": self.code, "version": self.version, "in_force_from": day}


def adopt(
    text: str, file: str, *, now: datetime, by: str,
    as_published: bool = False, why: str = "", scheme: str = "", since: date | None = None,
) -> Adopted | tuple[Problem, ...]:  # fmt: skip
    """Put a code in force for its provider, who is made if new; or every problem that stands against it.

    A code that is against a rule of the day is taken only `as_published`, and the law overlays it; `why` somebody took it
    so stands in the audit. It is judged on
    the day from which it is in force, or today where that is past; a broken one by what can be read of it, as of today.
    With `scheme` the provider's scheme is recorded, from `since` on. The same text again changes nothing.
    """
    code, problems = build(text, file)
    unknown = _scheme_problems(scheme, since)
    if code is None or any(p.severity is Severity.BROKEN for p in problems):
        _, read = judge(text, file, law(), london_date(now))
        return (*unknown, *read)
    if unknown:
        return (*problems, *unknown)
    on = max(london_date(now), code.in_force_from or date.min)
    _, found = judge(text, file, law(), on, _memberships(code.provider, scheme, since))
    refused = (Severity.BROKEN,) if as_published else (Severity.BROKEN, Severity.ERROR)
    if any(p.severity in refused for p in found):
        return found
    with transaction.atomic():
        provider = _provider(code, now)
        again = _row(provider, code, text, as_published=as_published, why=why, by=by, now=now)
        if not again:
            _look_again(provider, code)
        if scheme and since:
            belong(provider, scheme, since, by=by, now=now)
        _watch_scheme(provider, now)
    return Adopted(
        code.provider, code.id, code.version, code.in_force_from, again, found, waiting(provider.pk).count()
    )


def _scheme_problems(scheme: str, since: date | None) -> tuple[Problem, ...]:
    known = [s.id for s in law().schemes]
    if scheme and scheme not in known:
        return (_said(f"{scheme!r} is no approved scheme", f"Give one of: {', '.join(known)}."),)
    if bool(scheme) != bool(since):
        return (
            _said(
                "a scheme needs the day since which the provider belongs to it",
                "Give both --scheme and --since.",
            ),
        )
    return ()


def _said(message: str, mend: str) -> Problem:
    why = "The ADR letter names the scheme to which the provider belongs on its day (CH-03)."
    return Problem(Where("--scheme", 1, 1), "MISSING_SCHEME", Severity.BROKEN, message, why, mend)


def _memberships(provider: str, scheme: str, since: date | None) -> tuple[Membership, ...]:
    rows = SchemeMembership.objects.filter(provider=provider).order_by("since")
    known = tuple(Membership(m.scheme, m.since, m.until) for m in rows)
    return (*known, Membership(scheme, since)) if scheme and since else known


def _provider(code: Code, now: datetime) -> Provider:
    made, _ = Provider.objects.get_or_create(
        slug=code.provider, defaults={"name": code.provider_name, "created": now}
    )
    return Provider.objects.select_for_update().get(pk=made.pk)


def _row(
    provider: Provider, code: Code, text: str, *, as_published: bool, why: str, by: str, now: datetime
) -> bool:
    """Keep the version; whether it was there already. The provider's row is locked, so positions follow each other."""
    adopted = AdoptedCode.objects.filter(provider=provider)
    if adopted.filter(fingerprint=code.fingerprint).exists():
        return True
    AdoptedCode.objects.create(
        provider=provider, code=code.id, version=code.version, title=code.title, fingerprint=code.fingerprint,
        text=text, in_force_from=code.in_force_from, adopted_at=now, adopted_by=by, as_published=as_published,
        position=adopted.count() + 1,
    )  # fmt: skip
    said = {"why": why} if why else {}
    _audit(
        provider,
        now,
        by,
        "code adopted",
        code=code.id,
        version=code.version,
        as_published=as_published,
        **said,
    )
    return False


def _look_again(provider: Provider, code: Code) -> None:
    """Have every open case that the code may govern looked at by the next tick: it began when the code was in force."""
    theirs = CaseRow.objects.filter(provider=provider, is_open=True)
    if code.in_force_from is not None:
        theirs = theirs.filter(first_received__gte=midnight(code.in_force_from))
    theirs.update(hint_made_by="")


def belong(provider: Provider, scheme: str, since: date, *, by: str, now: datetime) -> None:
    """Record that a provider belongs to a scheme from a day on. A membership that stood then ends the day before."""
    rows = SchemeMembership.objects.filter(provider=provider)
    rows.filter(since__lt=since, until__isnull=True).update(until=since - timedelta(days=1))
    rows.update_or_create(provider=provider, since=since, defaults={"scheme": scheme})
    _audit(provider, now, by, "scheme recorded", scheme=scheme, since=since.isoformat())
    _watch_scheme(provider, now)


def _watch_scheme(provider: Provider, now: datetime) -> None:
    """Where no scheme is known the ADR letter names both, and an alarm stands from the day of adoption."""
    if SchemeMembership.objects.filter(provider=provider).exists():
        alarms.clear(SCHEME_UNKNOWN, (provider.pk,), now)
        return
    text = f"Nobody has recorded which scheme {provider.name} belongs to: its ADR letters name both approved schemes"
    alarms.raise_all(
        [alarms.alarm(SCHEME_UNKNOWN, provider.pk, text, "The scheme is not known", now, provider.pk)]
    )


def switch_mail(provider: Provider, mail: Mail, *, by: str, now: datetime) -> Refusal | None:
    """Say what becomes of a provider's mail from now on. Letters held until now stay held until `release`."""
    if mail is Mail.LIVE:
        boxes = list(Mailbox.objects.filter(provider=provider).exclude(smtp_host=""))
        if not boxes:
            return Refusal(
                "The provider has no mailbox that can send", "A-any-channel", "Run `amends mail set` first."
            )
        if settings.MANUAL_CLOCK and not all(on_this_machine(b.smtp_host) for b in boxes):
            return Refusal(
                "Time is played here (AMENDS_CLOCK=manual), and real people would get the letters", "A-evidence",
                "Unset AMENDS_CLOCK, or send to a server on this machine.",
            )  # fmt: skip
    with transaction.atomic():
        Provider.objects.filter(pk=provider.pk).update(mail=mail)
        _audit(provider, now, by, "mail switched", mail=mail, held=held_count(provider))
    provider.mail = mail
    return None


def on_this_machine(host: str) -> bool:
    """Whether a host is this machine: `localhost` or a loopback address. No name is looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Held:
    """Letters of one kind that wait for mail to be switched on: how many, by which way, and how old they are."""

    letter: str
    channel: str
    count: int
    oldest: datetime
    newest: datetime


def held_count(provider: Provider) -> int:
    """How many letters of this provider are held."""
    return Outgoing.objects.filter(provider=provider, state=HELD).count()


def held_summary(provider: Provider) -> tuple[Held, ...]:
    """The letters that are held, by kind and way, those of the law first."""
    found = (
        Outgoing.objects.filter(provider=provider, state=HELD)
        .values("letter", "channel")
        .annotate(count=Count("id"), oldest=Min("decided_at"), newest=Max("decided_at"), first=Min("lane"))
        .order_by("first", "letter", "channel")
    )
    return tuple(Held(r["letter"], r["channel"], r["count"], r["oldest"], r["newest"]) for r in found)


@dataclass(frozen=True, slots=True)
class Released:
    """What became of held letters, by kind."""

    sent: Mapping[str, int]
    dropped: Mapping[str, int]


def release(
    provider: Provider, kinds: Mapping[str, str], *, why: str, by: str, now: datetime
) -> Released | Refusal:
    """Let held letters go, kind by kind: `send` or `drop`. A kind that is not named stays held.

    An ADR letter cannot be dropped in bulk: the law owes each of them. Dropping withdraws each letter by a fact.
    """
    refusal = _release_refused(provider, kinds, why)
    if refusal is not None:
        return refusal
    sent = {letter: thaw(provider, letter, now) for letter, fate in kinds.items() if fate == SEND}
    dropped = {
        letter: _drop(provider, letter, why, by, now) for letter, fate in kinds.items() if fate == DROP
    }
    _audit(provider, now, by, "held letters released", sent=sent, dropped=dropped, why=why)
    return Released(sent, dropped)


def _release_refused(provider: Provider, kinds: Mapping[str, str], why: str) -> Refusal | None:
    unknown = sorted(set(kinds.values()) - {SEND, DROP})
    if unknown:
        return Refusal(
            f"{unknown[0]!r} is no answer", "A-evidence", f"Answer {SEND} or {DROP} for each kind."
        )
    if kinds.get(ADR) == DROP:
        return Refusal(
            "ADR letters cannot be dropped together: each is owed to its customer", "CH-12",
            "Send them, or settle each on its case.",
        )  # fmt: skip
    if DROP in kinds.values() and not why.strip():
        return Refusal(
            "Dropping letters needs a reason", "A-evidence", "Write why their customers need not get them."
        )
    if SEND in kinds.values() and provider.mail == Mail.OFF:
        return Refusal("Mail is off", "A-evidence", "Switch mail on first.")
    return None


def _drop(provider: Provider, letter: str, why: str, by: str, now: datetime) -> int:
    held = Outgoing.objects.filter(provider=provider, state=HELD, letter=letter).order_by("case_id", "id")
    keys: dict[int, list[str]] = {}
    for case, key in held.values_list("case_id", "key"):
        keys.setdefault(case, []).append(key)
    cases = list(keys)
    for start in range(0, len(cases), AT_ONCE):
        some = cases[start : start + AT_ONCE]
        with docket(*some, now=now) as d:
            for case in some:
                d.cases[case].add(
                    *(
                        LetterFate(at=now, logged=now, by=by, key=k, fate="withdrawn", why=why)
                        for k in keys[case]
                    )
                )
    return sum(map(len, keys.values()))


def _audit(provider: Provider, now: datetime, by: str, what: str, **detail: object) -> None:
    AuditEntry.objects.create(provider=provider, at=now, by=by, what=what, detail=detail)
