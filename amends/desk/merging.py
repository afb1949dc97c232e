"""Cases that belong together: linked, merged, parted again; where a merged case goes on; which cases may be one.

The rules are in `core.merging`. A case that ended goes on as its survivor for whoever comes by its old reference, by a
reply to its letters or by its access code, and in the portal only for somebody who is a party there too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amends.core import facts as f
from amends.core import merging as core
from amends.core.case import Case, fold
from amends.core.may import Refusal
from amends.core.merging import Same, one_customer
from amends.desk import ledger, reference
from amends.desk.address import Address
from amends.desk.asked import Asked
from amends.desk.lookup import phone_key
from amends.desk.models import BatchedLetter, CaseAddress, CaseMessageId, CaseRow, Outgoing

if TYPE_CHECKING:
    from amends.desk.actions import Actor
    from amends.desk.record import CaseInHand, Docket

CHAIN: Final = 50
"""More merges than anybody makes of one complaint, one after the other."""
NEAR: Final = 6
"""So many cases are suggested."""


# --- what people do ----------------------------------------------------------------------------------------


def link(hand: CaseInHand, other: CaseInHand, by: Actor, now: datetime, *, why: str) -> Refusal | None:
    """Say on both cases that they are about the same matter. Closed cases too."""
    if hand is other or hand.provider.pk != other.provider.pk:
        return Refusal("That is no other case of this provider", "A-evidence", "Choose another case.")
    if any(x.reference == other.case.reference for x in hand.case.links):
        return Refusal("The two are linked already", "A-evidence", "Nothing needs to be done.")
    for one, names in ((hand, other), (other, hand)):
        one.add(f.CaseLinked(at=now, logged=now, by=by.id, reference=names.case.reference, why=why.strip()))
    return None


def unlink(hand: CaseInHand, other: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
    """Say on both that they are not about the same matter after all."""
    if not any(x.reference == other.case.reference for x in hand.case.links):
        return Refusal("The two are not linked", "A-evidence", "Choose one of the cases shown.")
    for one, names in ((hand, other), (other, hand)):
        one.add(f.CaseUnlinked(at=now, logged=now, by=by.id, reference=names.case.reference))
    return None


def merge(
    docket: Docket, survivor: CaseInHand, ends: CaseInHand, by: Actor, now: datetime, *, why: str
) -> Refusal | None:
    """Let `ends` go on as `survivor`: its dates, its letters and what waits there come along, its duties end."""
    del docket
    if survivor.provider.pk != ends.provider.pk:
        return Refusal("That is no case of this provider", "A-evidence", "Choose another case.")
    refusal = core.merge(survivor.case, ends.case, survivor.book, ends.book, why) or _leaving(ends)
    if refusal is not None:
        return refusal
    same = one_customer(survivor.case, ends.case) is Same.YES
    came = core.brought(ends.case, ends.book, by.id, now, why.strip(), same=same)
    goes_on_as = survivor.case.reference
    for letter in core.to_withdraw(ends.case):
        said = f"the case goes on as {goes_on_as}, which has its own"
        ends.add(f.LetterFate(at=now, logged=now, by=by.id, key=letter.key, fate="withdrawn", why=said))
    agreed = list(_appointments(ends, by, now))
    ends.add(
        f.CaseMergedInto(
            at=now, logged=now, by=by.id, reference=goes_on_as, same_customer=same, why=why.strip()
        )
    )
    survivor.add(*came, *agreed)
    return None


def _leaving(ends: CaseInHand) -> Refusal | None:
    """Why a letter of the law cannot be withdrawn: it is leaving at this moment, or lies printed in the post room."""
    keys = [x.key for x in core.to_withdraw(ends.case)]
    if not keys:
        return None
    rows = list(
        Outgoing.objects.select_for_update().filter(provider=ends.provider, key__in=keys).order_by("pk")
    )
    if any(row.state == "claimed" for row in rows):
        return Refusal("A letter is leaving at this moment", "A-evidence", "Try again in a minute.")
    if BatchedLetter.objects.filter(outgoing__in=rows).exists():
        return Refusal(
            f"A letter of {ends.case.reference} has been printed", "A-evidence",
            "Say first on which day it was posted, or take it out of its print batch.",
        )  # fmt: skip
    return None


def _appointments(ends: CaseInHand, by: Actor, now: datetime) -> Iterator[f.Fact]:
    """The contact times that were agreed and are not settled: they are kept under the reference that goes on."""
    for agreed in [a for a in ends.case.appointments if not a.settled]:
        ends.add(f.ContactTimeSettled(at=now, logged=now, by=by.id, appointment=agreed.id, how="moved"))
        yield f.ContactTimeAgreed(
            at=now, logged=now, by=by.id, appointment=uuid4().hex[:12], starts=agreed.starts, ends=agreed.ends,
            channel=agreed.channel, person=agreed.person, number=agreed.number,
        )  # fmt: skip


def undo(survivor: CaseInHand, ended: CaseInHand, by: Actor, now: datetime, *, why: str) -> Refusal | None:
    """Part two cases that were merged by mistake: both have their own dates again, and keep all that was written."""
    refusal = core.undo(survivor.case, ended.case.reference, why)
    if refusal is not None:
        return refusal
    for one, names in ((survivor, ended), (ended, survivor)):
        one.add(
            f.CaseMergeUndone(at=now, logged=now, by=by.id, reference=names.case.reference, why=why.strip())
        )
    return None


def wants_answer(survivor: CaseInHand, ended: CaseInHand, contact: str, now: datetime) -> None:
    """What a customer wrote under a reference that goes on waits for its answer there; its words stay where they are."""
    if ended.case.merged_into is None:
        return
    survivor.add(
        f.MergedMessageWaits(
            at=now, logged=now, reference=ended.case.reference, contact=contact, channel="form", received=now
        )
    )


# --- where a merged case goes on ---------------------------------------------------------------------------


def survivor(row: CaseRow) -> CaseRow:
    """The case as which this one goes on; itself where it stands alone."""
    for _turn in range(CHAIN):
        if not row.merged_into:
            break
        row = CaseRow.objects.get(provider=row.provider_id, reference=row.merged_into)
    return row


def goes_on(provider: str, case: int) -> int:
    """The id of the case as which this one goes on."""
    row = CaseRow.objects.filter(provider=provider, pk=case).first()
    return case if row is None else survivor(row).pk


def ended_in(row: CaseRow) -> list[CaseRow]:
    """Every case that goes on as this one, the cases merged into those too."""
    found: list[CaseRow] = []
    wanted = [row.reference]
    while wanted and len(found) < CHAIN:
        some = list(
            CaseRow.objects.filter(provider=row.provider_id, merged_into__in=wanted)
            .exclude(merged_into="")
            .order_by("pk")
        )
        found += some
        wanted = [x.reference for x in some]
    return found


def of_one_customer(row: CaseRow, others: Iterable[int]) -> bool:
    """Whether these cases are still known to be of the customer of this one, as they were when they were merged."""
    wanted = [row.pk, *others]
    facts = ledger.load(wanted)
    folded = {pk: fold(facts[pk]) for pk in wanted}
    mine = folded[row.pk]
    return all(
        pk == row.pk or (_merged_as_same(folded[pk]) and one_customer(mine, folded[pk]) is Same.YES)
        for pk in wanted
    )


def _merged_as_same(case: Case) -> bool:
    return case.merged_into is not None and case.merged_into.same_customer


def landing(row: CaseRow, address: str) -> CaseRow:
    """The case that opens to a customer who comes by this one's reference, code or link.

    The survivor's, where they are its customer, or the link was sent to a party of it; else their own and no other.
    """
    last = survivor(row)
    if last.pk == row.pk or not of_one_customer(last, [row.pk]):
        return row
    if address and not _party(last, address):
        return row
    return last


def shown_with(row: CaseRow, address: str) -> list[CaseRow]:
    """The cases that ended here and whose story the reader of this one may see: their customer, or a party of each."""
    own = (
        not address
        or CaseAddress.objects.filter(
            case=row, address_key=Address("", address).key, role=f.CUSTOMER
        ).exists()
    )
    return [x for x in ended_in(row) if of_one_customer(row, [x.pk]) and (own or _party(x, address))]


def _party(row: CaseRow, address: str) -> bool:
    return CaseAddress.objects.filter(case=row, address_key=Address("", address).key).exists()


# --- which cases may be one --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Near:
    """Another case that may be about the same matter, and what speaks for it."""

    row: CaseRow
    why: Promise


def near(mine: QuerySet[CaseRow], row: CaseRow, case: Case) -> list[Near]:
    """Cases that may be about the same matter, within those that somebody may see; what speaks loudest stands first."""
    customer = case.customer
    found: dict[int, Promise] = {}
    for why, cases in _asked(row, case, customer.email, customer.account, phone_key(customer.phone)):
        for pk in cases:
            found.setdefault(pk, why)
    found.pop(row.pk, None)
    if not found:
        return []
    known = {x.reference for x in case.links} | {m.reference for m in case.merged}
    others = mine.filter(provider=row.provider_id, merged_into="").exclude(reference__in=known)
    rows: dict[int, CaseRow] = {}
    first, rest = list(found)[:NEAR], list(found)[NEAR:]
    for some in (first, rest):  # the first six are nearly always theirs to see: the others are then not read
        if len(rows) < NEAR and some:
            rows |= others.in_bulk(some)
    return [Near(rows[pk], why) for pk, why in found.items() if pk in rows][:NEAR]


def _asked(
    row: CaseRow, case: Case, email: str, account: str, phone: str
) -> Iterator[tuple[Promise, list[int]]]:
    """What would speak for other cases, each a look at an index, with their ids."""
    provider = row.provider_id
    written = "\n".join(f"{c.subject}\n{c.words}" for c in case.contacts if c.inbound)
    named = reference.found(written)[:NEAR]
    if named:
        theirs = CaseRow.objects.filter(provider=provider, reference__in=named)
        yield _("what was written here names it"), list(theirs.values_list("pk", flat=True))
    yield _("a message points to both"), _ids(_with_a_message_of(provider, row.pk))
    if account:
        yield _("the same account"), _ids(_with_account(provider, account))
    if email:
        yield _("the same email address"), _ids(_with_address(provider, Address("", email).key[:320]))
    if phone:
        yield _("the same telephone number"), _ids(_with_phone(provider, phone))


def _ids(rows: list[tuple[int, ...]]) -> list[int]:
    return [row[0] for row in rows]


LOOKED_AT: Final = 4 * NEAR
"""So many cases of each kind are looked at, the newest: some may be merged already, or not for whoever asks."""
# Every look at a case asks these four.
_with_a_message_of = Asked(
    lambda provider, case: (
        CaseMessageId.objects.filter(
            provider=provider,
            message_id__in=CaseMessageId.objects.filter(case=case).values("message_id")[:200],
        )
        .exclude(case=case)
        .order_by("-case_id")
        .values_list("case_id")[:LOOKED_AT]
    ),
    str, int,
)  # fmt: skip
_with_address = Asked(
    lambda provider, key: (
        CaseAddress.objects.filter(provider=provider, address_key=key)
        .order_by("-case_id")
        .values_list("case_id")[:LOOKED_AT]
    ),
    str, str,
)  # fmt: skip


def _newest(column: str) -> Asked:
    """The newest cases that go on by themselves, by what stands in a column of theirs."""
    return Asked(
        lambda provider, value: (
            CaseRow.objects.filter(provider=provider, merged_into="", **{column: value})
            .order_by("-id")
            .values_list("id")[:LOOKED_AT]
        ),
        str, str,
    )  # fmt: skip


_with_account, _with_phone = _newest("account"), _newest("phone_key")
