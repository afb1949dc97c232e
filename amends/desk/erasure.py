"""Erasing: personal words, files and letters of a case go, its chain of facts stays whole.

Private words enter the chain only as salted digests. With the words their salt goes, so that nobody can try words
against the digest. When what happened must be kept longer than who it happened to, this is the way; nothing is deleted.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from amends.core.calendar import london_date
from amends.core.may import Refusal
from amends.core.retention import STILL_OWED
from amends.desk import erased_list, merging, search, words
from amends.desk.customers.book import erased_key, gone_key
from amends.desk.models import (
    AccessLink,
    CaseAddress,
    CaseFileRow,
    CaseRow,
    CaseTally,
    Chat,
    ChatLine,
    CustomerChange,
    CustomerRow,
    DataBundleRow,
    Document,
    Draft,
    ImportedCase,
    ImportRun,
    Keeping,
    KeptMessage,
    Lesson,
    NumberRange,
    Outgoing,
    PrivateWords,
    RecordedNeed,
    Retention,
    Service,
    Speaker,
    Upload,
)
from amends.desk.record import docket

SETTLED = ("sent", "posted", "failed", "bounced", "returned", "withdrawn")


@dataclass(frozen=True, slots=True)
class Erased:
    """How much of a case was erased."""

    facts: int
    letters: int
    messages: int
    files: int


def erase_private(
    case: CaseRow, *, why: str, by: str, now: datetime, forgets: bool = True
) -> Erased | Refusal:
    """Erase everything of a case that names or describes a person, and of the cases that go on as it.

    Refused while a letter still has to leave. Whoever erases many tells the index of words once, at the end
    (`search.forget`), and asks here for nothing of it.

    The facts, their order and their chain stay; an audit entry says who erased and why.
    """
    if not why.strip():
        return Refusal(
            "Erasing needs a reason", "A-evidence", "Write whose request or which period it follows."
        )
    whole = [case, *merging.ended_in(case)]
    with docket(*(x.pk for x in whole), now=now, rest=False) as d:
        goes_on = d.cases[case.pk].row.merged_into
        if goes_on:
            return Refusal(
                f"It goes on as {goes_on}, which tells its words too", "A-evidence",
                "Erase that one: both go together.",
            )  # fmt: skip
        waiting = Outgoing.objects.filter(case__in=whole).exclude(state__in=SETTLED).count()
        if waiting or any(hand.row.is_open for hand in d.cases.values()):
            return Refusal(
                "The case is open or a letter still has to leave, and neither can do without the words", "A-evidence",
                "Close the case and settle its letters first.",
            )  # fmt: skip
        if any(a.stands in STILL_OWED for hand in d.cases.values() for a in hand.case.awards):
            return Refusal(
                "Something that was promised is still owed, and cannot be given to nobody", "A-evidence",
                "Give it first, and say so on the case.",
            )  # fmt: skip
        held = Retention.objects.filter(case__in=whole, state=Keeping.HELD).select_related("case").first()
        if held is not None:
            return Refusal(
                f"{held.case.reference} is held: {held.why}",
                "DP-04",
                "Let it go first, if it is no longer needed.",
            )
        found = [_erase(each, why, by, now) for each in whole]
        d.fold_again()
        words.rewrite([x.pk for x in whole])
        if forgets:
            search.forget()
    return Erased(*(sum(column) for column in zip(*(astuple(x) for x in found), strict=True)))


def _erase(case: CaseRow, why: str, by: str, now: datetime) -> Erased:
    erased = Erased(_words(case, now), _letters(case), _messages(case), _files(case))
    _chats(case)
    Draft.objects.filter(case=case).delete()
    CaseAddress.objects.filter(case=case).delete()
    _number_elsewhere(case)
    AccessLink.objects.filter(case=case).update(address="", expires=now)
    _no_more_to_keep(case, now)
    erased_list.record(
        "case", case.provider_id, case.reference, by=by, now=now, upto=case.facts,
        why=why, facts=erased.facts, letters=erased.letters,
    )  # fmt: skip
    return erased


def _no_more_to_keep(case: CaseRow, now: datetime) -> None:
    closed = CaseTally.objects.filter(case=case).values_list("closed", flat=True).first()
    stands = {
        "state": Keeping.ERASED,
        "closed": closed,
        "day": london_date(now),
        "why": "",
        "by": "",
        "at": now,
    }
    Retention.objects.update_or_create(case=case, defaults={"provider_id": case.provider_id, **stands})


def erase_customer(customer: CustomerRow, *, why: str, by: str, now: datetime) -> Refusal | None:
    """Erase who a customer of the book is, what they need, who spoke for them, and its history. Their cases erase apart.

    Accounts and services stay as numbers of a contract that nobody can lay to a person; refused while a case is open.
    """
    if not why.strip():
        return Refusal(
            "Erasing needs a reason", "A-evidence", "Write whose request or which period it follows."
        )
    with transaction.atomic():
        theirs = CaseRow.objects.filter(provider=customer.provider_id, customer=customer.pk, is_open=True)
        if theirs.exists():
            return Refusal(
                "A case of theirs is open, and cannot do without knowing who they are", "A-evidence",
                "Close it first.",
            )  # fmt: skip
        CustomerRow.objects.filter(pk=customer.pk).update(
            **dict.fromkeys(_OF_CUSTOMER, ""),
            headcount=None,
            counted_on=None,
            erased_at=now,
            changed=now,
            erased_key=erased_key(customer.provider, customer.external) if customer.external else "",
        )
        Speaker.objects.filter(customer=customer).update(name="", relation="", email="", phone="", consent="")
        RecordedNeed.objects.filter(customer=customer).update(
            kind="", format="", words="", arranged="", consent=""
        )
        Service.objects.filter(customer=customer).update(numbers="", address="", renewal_words="")
        NumberRange.objects.filter(customer=customer).delete()
        CustomerChange.objects.filter(customer=customer).update(fields=None)
        _copies(DataBundleRow.objects.filter(case__customer=customer.pk))
        # A file that somebody only looked at may name them.
        ImportRun.objects.filter(provider=customer.provider_id, content__isnull=False).update(content=None)
        erased_list.record("customer", customer.provider_id, str(customer.pk), by=by, now=now, why=why)
    customer.refresh_from_db()
    return None


_OF_CUSTOMER = (
    "external", "name", "email", "phone", "address", "prefers", "counted_how", "account_manager",
    "account_manager_name", "name_key", "surname_key", "phone_key", "email_key", "postcode",
)  # fmt: skip
"""What of a customer's row names or describes them."""


def _words(case: CaseRow, now: datetime) -> int:
    kept = PrivateWords.objects.filter(case=case, words__isnull=False)
    return kept.update(words=None, salt="", erased_at=now)


def _number_elsewhere(case: CaseRow) -> None:
    """What another system called it stays as a digest alone: bringing its file in again does not bring the case back."""
    for each in ImportedCase.objects.filter(case=case):
        each.number = gone_key(case.provider, each.source, each.number)
        each.save(update_fields=["number"])


def _letters(case: CaseRow) -> int:
    """The frozen words and documents; the digest in the chain stays, and without its salt says nothing."""
    Document.objects.filter(case=case).update(content=b"", sha256="")
    CaseFileRow.objects.filter(case=case).update(papers=[])
    _copies(DataBundleRow.objects.filter(cases=case))
    # What was decided is people's own words too, and may name whom it was about; that and when it was stays.
    Lesson.objects.filter(case=case).update(words="", decision="")
    kept = Outgoing.objects.filter(case=case).exclude(salt="")
    return kept.update(words={}, text="", html="", subject="", to="", format="", salt="")


def _copies(made: QuerySet[DataBundleRow]) -> None:
    """Copies of personal data, whole: the one about somebody tells the words of all their cases."""
    DataBundleRow.objects.filter(pk__in=made.values("pk")).update(page=None, told=None, papers=[])


def _messages(case: CaseRow) -> int:
    kept = KeptMessage.objects.filter(case=case).exclude(raw=b"")
    return kept.update(raw=b"", sender="", subject="", reason="erased", size=0)


def _chats(case: CaseRow) -> None:
    """What was written in its chats stays only as the digest that the contact carries in the chain."""
    ChatLine.objects.filter(chat__case=case).update(words="", name="")
    Chat.objects.filter(case=case).update(name="", email="", address="", draft="", token_hash=F("id"))


def _files(case: CaseRow) -> int:
    return Upload.objects.filter(case=case, content__isnull=False).update(content=None, name="", sha256="")
