"""What somebody was writing and has not sent: kept for them alone, offered again on any machine, gone when it is done.

A draft belongs to one person, one case and one form. It is no fact and no evidence: it is replaced as they type, dies with
the deed, goes with the case's words when those are erased, and after some weeks by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import QueryDict

from amends.desk import ledger
from amends.desk.models import CaseRow, Draft, Provider

NEW_CONTACT: Final = "new-contact"
DATA_COPY: Final = "data-copy"
"""What was decided of what is in a copy of personal data: a page of its own, and no deed."""
LASTS: Final = timedelta(weeks=4)
"""How long a draft is kept after it was last saved."""
LONGEST: Final = 500_000
"""Characters of one draft: more than any form takes in, thousands of decisions about a copy of personal data too."""
MOST: Final = 50
"""Drafts of one person at one provider: the oldest goes for a new one."""
NOT_KEPT: Final = frozenset({"csrfmiddlewaretoken", "step", "do", "facts", "reference"})

Said = dict[str, list[str]]


def typed(post: QueryDict) -> Said:
    """What was typed into a form, without what is no answer; empty where nothing was, or more than any form takes."""
    said = {name: [str(x) for x in post.getlist(name)] for name in post if name not in NOT_KEPT}
    said = {
        name: [x.replace("\0", "") for x in values]
        for name, values in said.items()
        if any(v.strip() for v in values)
    }
    long = sum(len(name) + sum(map(len, values)) for name, values in said.items()) > LONGEST
    return {} if long else said


def keep(
    person: User, provider: Provider, row: CaseRow | None, deed: str, post: QueryDict, now: datetime
) -> bool:
    """Keep what was typed, instead of what was kept before; whether anything was there to keep."""
    said = typed(post)
    if not said:
        return False
    facts = post.get("facts", "")
    values = {
        "said": said,
        "saved": now,
        "facts": int(facts) if facts.isascii() and facts.isdigit() and len(facts) < 9 else None,
    }
    mine = of(person, provider, row, deed)
    if not mine.update(**values):
        if row is not None and _erased(row):
            return False
        try:
            with transaction.atomic():
                Draft.objects.create(person=person, provider=provider, case=row, deed=deed, **values)
        except IntegrityError:
            # The same form was saved from another window in the same moment.
            mine.update(**values)
        _no_more_than(person, provider)
    return True


def _erased(row: CaseRow) -> bool:
    """Whether the words of a case are gone: a page that stood open brings none of them back."""
    return not row.is_open and ledger.erased(row.pk)


def _no_more_than(person: User, provider: Provider) -> None:
    mine = Draft.objects.filter(person=person, provider=provider).order_by("-saved", "-id")
    older = list(mine.values_list("pk", flat=True)[MOST : MOST + 10])
    if older:
        Draft.objects.filter(pk__in=older).delete()


def of(person: User, provider: Provider, row: CaseRow | None, deed: str) -> QuerySet[Draft]:
    """The draft of one person for one form of one case, or of none."""
    return Draft.objects.filter(person=person, provider=provider, case=row, deed=deed)


def find(person: User, provider: Provider, row: CaseRow | None, deed: str) -> Draft | None:
    """What the person was writing there; None where they were not."""
    return of(person, provider, row, deed).first()


def drop(person: User, provider: Provider, rows: Iterable[CaseRow | None], deed: str) -> None:
    """What was written has been done, or is not wanted any more."""
    for row in rows:
        of(person, provider, row, deed).delete()


def follow(draft: Draft, row: CaseRow) -> bool:
    """Let a draft go on with the case as which its own goes on; not where the person writes the same there already."""
    if of(draft.person, draft.provider, row, draft.deed).exists():
        return False
    draft.case, draft.facts = row, None
    draft.save(update_fields=["case", "facts"])
    return True


def of_person(person: User, provider: Provider) -> list[Draft]:
    """Everything that somebody was writing at a provider, the newest first."""
    mine = Draft.objects.filter(person=person, provider=provider).select_related("case")
    return list(mine.order_by("-saved", "-id"))


def as_form(draft: Draft, facts: int | None = None) -> QueryDict:
    """A draft as a form reads it. `facts` is how many facts its case has now."""
    made = QueryDict(mutable=True)
    said: Mapping[str, list[str]] = draft.said
    for name, values in said.items():
        made.setlist(name, values)
    if facts is not None:
        made["facts"] = str(facts)
    return made


def sweep(now: datetime) -> int:
    """Take away drafts that nobody has come back to for weeks; how many."""
    gone, _each = Draft.objects.filter(saved__lte=now - LASTS).delete()
    return gone
