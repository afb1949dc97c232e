"""The only way to a case and to what hangs on it: every query is scoped here by who asks.

A person sees the cases of the providers at which they have a role that works on cases. A customer sees one case:
by its reference with the access code of its letters, or by a link that was sent to a verified address and lasts
minutes. Whoever may not see something is told the same as if it were not there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.http import Http404

from amends.desk.houses import access_code
from amends.desk.models import (
    AccessLink,
    Alarm,
    AppointmentRow,
    ApprovalRow,
    AwardRow,
    BillingBatch,
    CaseFileRow,
    CaseRow,
    CaseTally,
    Chat,
    CodeComment,
    CustomerRow,
    DataBundleRow,
    Document,
    DutyRow,
    ImportRun,
    KeptMessage,
    Lesson,
    Outage,
    Outgoing,
    PortalAttempt,
    PortRule,
    PrintBatch,
    PromiseTally,
    Provider,
    RecordedNeed,
    Retention,
    Role,
    RoleName,
    SupplierRow,
    TermsVersion,
    Upload,
)
from amends.desk.reference import normal
from amends.desk.tokens import link_token

Person = User | AnonymousUser

SEES_CASES = frozenset(RoleName) - {RoleName.ADMINISTRATOR}
"""An administrator keeps the installation and reads nobody's complaints."""
WORKS_ON_CASES = frozenset(
    {RoleName.AGENT, RoleName.HANDLER, RoleName.MANAGER, RoleName.DIRECTOR, RoleName.COMPLIANCE}
)
TAKES_LISTS_AWAY = frozenset({RoleName.MANAGER, RoleName.DIRECTOR, RoleName.COMPLIANCE, RoleName.AUDITOR})
"""Who takes whole lists of customers out of the desk; each time stands in the audit."""
KEEPS_THE_DESK = frozenset({RoleName.ADMINISTRATOR, RoleName.COMPLIANCE, RoleName.MANAGER, RoleName.DIRECTOR})
"""Who sees the alarms and settings of a provider."""

REVIEWS_THE_CODE = frozenset({RoleName.COMPLIANCE, RoleName.MANAGER, RoleName.DIRECTOR})
"""Who reads what people say of the code, and decides about it."""

SEES_LESSONS = REVIEWS_THE_CODE | {RoleName.AUDITOR}
"""Who reads the lessons of all cases; those who review the code see to them."""

TELLS_EVERYBODY = WORKS_ON_CASES - {RoleName.AGENT}
"""Who writes to all customers of an outage, ends it, and has their refunds worked out."""

ERASES = frozenset({RoleName.COMPLIANCE, RoleName.DIRECTOR})
"""Who has a person erased."""

IMPORTS = frozenset({RoleName.COMPLIANCE, RoleName.MANAGER, RoleName.DIRECTOR})
"""Who brings in what other systems know."""

REFERENCE_LIMIT = 32
LINK_LASTS = timedelta(minutes=20)
TRIES = 5
"""Wrong access codes for one case from one network before it is locked there."""
TRIES_OF_A_NETWORK = 50
"""Wrong access codes from one network for whichever cases: very many customers may share an address."""
TRIES_AT_A_CASE = 200
"""Wrong access codes for one case from everywhere. Codes have 40 bits: so many an hour find none in a lifetime."""
TRIES_WITHIN = timedelta(hours=1)
LOCKED_FOR = timedelta(hours=1)

M = TypeVar("M", bound=Model)


class NotYours(Http404):
    """There is no such thing for whoever asks; whether it exists at all is not said."""


class Locked(NotYours):
    """Too many wrong tries; `until` is the moment from which the next one is looked at."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many tries")
        self.until = until


def roles(person: Person) -> dict[str, frozenset[RoleName]]:
    """The roles of a person by provider; none for who is not signed in or has left."""
    if not person.is_authenticated or not person.is_active:
        return {}
    known: dict[str, frozenset[RoleName]] | None = getattr(person, _KNOWN, None)
    return _held(person) if known is None else known


def for_this_request(person: User) -> None:
    """Have the roles of whoever asks for a page read once for it: `person` is the request's own, and ends with it."""
    setattr(person, _KNOWN, _held(person))


_KNOWN: Final = "_roles_of_this_request"


def _held(person: User) -> dict[str, frozenset[RoleName]]:
    found: dict[str, set[RoleName]] = {}
    for provider, role in Role.objects.filter(person=person).values_list("provider_id", "role"):
        found.setdefault(provider, set()).add(RoleName(role))
    return {provider: frozenset(held) for provider, held in found.items()}


def roles_at(person: Person, provider: str) -> frozenset[RoleName]:
    """The roles of a person at one provider."""
    return roles(person).get(provider, frozenset())


def providers(person: Person, allowed: frozenset[RoleName] = SEES_CASES) -> QuerySet[Provider]:
    """The providers at which a person has one of these roles, by name."""
    return Provider.objects.filter(pk__in=_at(person, allowed)).order_by("name")


def provider_for(person: Person, provider: str, allowed: frozenset[RoleName] = SEES_CASES) -> Provider:
    """One provider at which the person has one of these roles. Raises NotYours."""
    found = providers(person, allowed).filter(pk=provider).first()
    if found is None:
        raise NotYours(provider)
    return found


def cases(person: Person, provider: str | None = None) -> QuerySet[CaseRow]:
    """The cases that a person may see; with `provider` those of that one, which is what a queue wants."""
    return _scoped(CaseRow.objects.all(), person, provider)


def case_for(
    person: Person, provider: str, reference: str, allowed: frozenset[RoleName] = SEES_CASES
) -> CaseRow:
    """One case of a provider, for a person who has one of these roles there. Raises NotYours."""
    if roles_at(person, provider).isdisjoint(allowed & SEES_CASES):
        raise NotYours(reference)
    found = CaseRow.objects.filter(provider=provider, reference=reference).first()
    if found is None:
        raise NotYours(reference)
    return found


def duties_for(person: Person, provider: str) -> QuerySet[DutyRow]:
    """What is owed on the cases of one provider that a person may see."""
    return _scoped(DutyRow.objects.all(), person, provider)


def customers(person: Person, provider: str) -> QuerySet[CustomerRow]:
    """The customers' book of one provider, for a person who may see its cases."""
    return _scoped(CustomerRow.objects.all(), person, provider)


def customer_for(person: Person, provider: str, number: int) -> CustomerRow:
    """One customer of a provider. Raises NotYours."""
    found = customers(person, provider).filter(pk=number).first()
    if found is None:
        raise NotYours(str(number))
    return found


def imports_for(person: Person, provider: str) -> QuerySet[ImportRun]:
    """The files that were brought in at a provider, for those who may bring files in."""
    return ImportRun.objects.filter(provider=provider, provider__in=_at(person, IMPORTS))


def needs_for(person: Person, provider: str) -> QuerySet[RecordedNeed]:
    """What the customers of one provider need, for a person who may see its cases."""
    return _scoped(RecordedNeed.objects.all(), person, provider)


def terms_for(person: Person, provider: str) -> QuerySet[TermsVersion]:
    """The terms of service of one provider in their versions."""
    return _scoped(TermsVersion.objects.all(), person, provider)


def port_rules_for(person: Person, provider: str) -> QuerySet[PortRule]:
    """The rules by which one provider moves numbers."""
    return _scoped(PortRule.objects.all(), person, provider)


def appointments_for(person: Person, provider: str) -> QuerySet[AppointmentRow]:
    """The agreed contact times on the cases of one provider that a person may see."""
    return _scoped(AppointmentRow.objects.all(), person, provider)


def approvals_for(person: Person, provider: str) -> QuerySet[ApprovalRow]:
    """What was asked for on the cases of one provider that a person may see."""
    return _scoped(ApprovalRow.objects.all(), person, provider)


def suppliers_for(person: Person, provider: str) -> QuerySet[SupplierRow]:
    """What suppliers were asked for on the cases of one provider that a person may see."""
    return _scoped(SupplierRow.objects.all(), person, provider)


def tallies(person: Person, provider: str) -> QuerySet[CaseTally]:
    """What lists and reports count of the cases of a provider that a person may see."""
    return _scoped(CaseTally.objects.all(), person, provider)


def promises(person: Person, provider: str) -> QuerySet[PromiseTally]:
    """The clocks of the cases of a provider that a person may see, as reports count them."""
    return _scoped(PromiseTally.objects.all(), person, provider)


def outgoing_for(person: Person, provider: str | None = None) -> QuerySet[Outgoing]:
    """The letters that a person may see."""
    return _scoped(Outgoing.objects.all(), person, provider)


def messages_for(person: Person, provider: str | None = None) -> QuerySet[KeptMessage]:
    """The kept messages that a person may see, held and quarantined ones too; without their raw bytes."""
    return _scoped(KeptMessage.objects.defer("raw"), person, provider)


def documents_for(person: Person, provider: str | None = None) -> QuerySet[Document]:
    """The documents of letters that a person may see; without their bytes."""
    return _scoped(Document.objects.defer("content"), person, provider)


def case_files_for(person: Person, provider: str) -> QuerySet[CaseFileRow]:
    """The case files for schemes that a person may see."""
    return _scoped(CaseFileRow.objects.all(), person, provider)


def bundles_for(person: Person, provider: str) -> QuerySet[DataBundleRow]:
    """The copies of personal data that were made there, for people who may see cases."""
    return _scoped(DataBundleRow.objects.all(), person, provider)


def batches_for(person: Person, provider: str) -> QuerySet[PrintBatch]:
    """The print batches that a person may see."""
    return _scoped(PrintBatch.objects.all(), person, provider)


def money_for(person: Person, provider: str) -> QuerySet[AwardRow]:
    """The sums that are or were owed to customers, on the cases of a provider that a person may see."""
    return _scoped(AwardRow.objects.all(), person, provider)


def billing_for(person: Person, provider: str) -> QuerySet[BillingBatch]:
    """The batches of sums that went to billing, which a person may see."""
    return _scoped(BillingBatch.objects.all(), person, provider)


def uploads_for(person: Person, provider: str | None = None) -> QuerySet[Upload]:
    """The files of customers that a person may see; without their bytes."""
    return _scoped(Upload.objects.defer("content"), person, provider)


def comments_for(person: Person, provider: str) -> QuerySet[CodeComment]:
    """The comments on a provider's codes that a person may see."""
    there = _at(person, REVIEWS_THE_CODE)
    return CodeComment.objects.filter(provider=provider, provider__in=there)


def lessons_for(person: Person, provider: str) -> QuerySet[Lesson]:
    """The lessons of a provider's cases that a person may see."""
    return Lesson.objects.filter(provider=provider, provider__in=_at(person, SEES_LESSONS))


def retentions_for(person: Person, provider: str) -> QuerySet[Retention]:
    """The ended cases on their way to being erased that a person may see."""
    return _scoped(Retention.objects.all(), person, provider)


def outages_for(person: Person, provider: str) -> QuerySet[Outage]:
    """The outages of one provider, for a person who may see its cases."""
    return _scoped(Outage.objects.all(), person, provider)


def chats_for(person: Person, provider: str) -> QuerySet[Chat]:
    """The chats of a provider, for people who work on its cases: whoever is there may help."""
    mine = WORKS_ON_CASES & roles_at(person, provider)
    return Chat.objects.filter(provider=provider) if mine else Chat.objects.none()


def alarms_for(person: Person) -> QuerySet[Alarm]:
    """The alarms that stand at the providers of a person, newest first. Those of the whole desk go to its keepers."""
    held = roles(person)
    mine = Alarm.objects.filter(cleared__isnull=True, provider__in=_where(held, SEES_CASES | KEEPS_THE_DESK))
    if _where(held, KEEPS_THE_DESK):
        mine = mine | Alarm.objects.filter(cleared__isnull=True, provider__isnull=True)
    return mine.order_by("-raised", "-id")


def case_for_customer(provider: str, reference: str, code: str, *, network: str, now: datetime) -> CaseRow:
    """The case that a customer opens with its reference and the access code of its letters.

    Raises NotYours, in the same words for a wrong reference and a wrong code, and Locked after too many tries: a
    stranger who guesses locks out their own `network`, and the customer anywhere else is still let in.
    """
    wanted = normal(reference) or reference.strip().upper()
    if not (wanted.isascii() and wanted.isprintable() and len(wanted) <= REFERENCE_LIMIT):
        raise NotYours("no reference")
    row = CaseRow.objects.filter(provider=provider, reference=wanted).first()
    expected = access_code(row) if row else access_code(CaseRow(provider_id=provider, reference=wanted))
    right = hmac.compare_digest(expected.encode(), _typed(code).encode("utf-8", "replace"))
    own = _attempt_key("access code", provider, wanted, network)
    limits = {
        own: TRIES,
        _attempt_key("access codes from", network): TRIES_OF_A_NETWORK,
        _attempt_key("access codes for", provider, wanted): TRIES_AT_A_CASE,
    }
    # Nobody tries twice at one moment: whoever comes while a try is counted waits, and sees it counted. Always in one
    # order, so that no two wait for each other.
    with transaction.atomic():
        attempts = {key: _attempt(key, now) for key in sorted(limits)}
        locked = [
            x.locked_until for x in attempts.values() if x.locked_until is not None and now < x.locked_until
        ]
        if locked:
            raise Locked(max(locked))
        if row is not None and right:
            attempts[own].delete()
            return row
        for key, attempt in attempts.items():
            _count(attempt, now, limits[key])
    raise NotYours(wanted)


def make_link(row: CaseRow, address: str, *, now: datetime) -> str:
    """The token of a new link to one case, for an address that is known to be a party's.

    Only its hash is kept, and in the letter its name: what stands before the dot. `compose` adds the rest as it leaves.
    """
    token = link_token(secrets.token_urlsafe(16))
    AccessLink.objects.create(
        provider_id=row.provider_id, case=row, token_hash=_hashed(token), address=address, made=now,
        expires=now + LINK_LASTS,
    )  # fmt: skip
    return token


def look_at_link(provider: str, token: str, *, now: datetime) -> CaseRow:
    """The case that a link would open; looking spends nothing, for mail scanners look too. Raises NotYours."""
    return _link(AccessLink.objects.filter(provider=provider), token, now).case


def spend_link(provider: str, token: str, *, now: datetime) -> CaseRow:
    """The case that a link opens, once: by the press of a button. Raises NotYours when spent, stale or unknown."""
    return spend(provider, token, now=now).case


def spend(provider: str, token: str, *, now: datetime) -> AccessLink:
    """A link that is pressed: it opens its case once, to whoever reads its address. Raises NotYours as above."""
    with transaction.atomic():
        link = _link(AccessLink.objects.select_for_update().filter(provider=provider), token, now)
        link.used = now
        link.save(update_fields=["used"])
        return link


def count_try(key: str, now: datetime, limit: int = TRIES) -> None:
    """Count a wrong try; after so many of them within an hour the key is locked for one."""
    with transaction.atomic():
        _count(_attempt(key, now), now, limit)


def _attempt(key: str, now: datetime) -> PortalAttempt:
    """The tries of this key, locked until the transaction ends."""
    return PortalAttempt.objects.select_for_update().get_or_create(key=key, defaults={"first": now})[0]


def _count(attempt: PortalAttempt, now: datetime, limit: int) -> None:
    if now - attempt.first > TRIES_WITHIN:
        attempt.first, attempt.tries = now, 0
    attempt.tries += 1
    if attempt.tries >= limit:
        attempt.locked_until, attempt.tries, attempt.first = now + LOCKED_FOR, 0, now
    attempt.save()


def renew_access_code(row: CaseRow) -> str:
    """A new access code for a case; the old one opens it no longer."""
    CaseRow.objects.filter(pk=row.pk).update(access_rotation=F("access_rotation") + 1)
    row.refresh_from_db(fields=["access_rotation"])
    return access_code(row)


def _at(person: Person, allowed: frozenset[RoleName]) -> list[str]:
    return _where(roles(person), allowed)


def _where(held: dict[str, frozenset[RoleName]], allowed: frozenset[RoleName]) -> list[str]:
    return sorted(provider for provider, names in held.items() if names & allowed)


def _scoped(query: QuerySet[M], person: Person, provider: str | None) -> QuerySet[M]:
    mine = _at(person, SEES_CASES)
    if provider is None:
        return query.filter(provider__in=mine)
    # Equality, not a list of one: a queue is then read from its index in order.
    return query.filter(provider=provider) if provider in mine else query.none()


def _link(links: QuerySet[AccessLink], token: str, now: datetime) -> AccessLink:
    link = links.select_related("case").filter(token_hash=_hashed(token), used__isnull=True).first()
    if link is None or now >= link.expires:
        raise NotYours("link")
    return link


def _attempt_key(*words: str) -> str:
    return _hashed("\n".join(words))


def _hashed(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def _typed(code: str) -> str:
    """The code as people type it: any case, with spaces or dashes, O for 0, I or L for 1."""
    return "".join(code.upper().replace("-", " ").split()).translate(str.maketrans("OIL", "011"))
