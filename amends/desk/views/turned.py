"""Turning the pages of a list by the key of the last row that was shown, and never by counting rows."""

from __future__ import annotations

from typing import Final, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet

PAGE: Final = 50

R = TypeVar("R", bound=Model)


def turned(rows: QuerySet[R], after: str, *, by: str, salt: str) -> tuple[list[R], str]:
    """A page of rows in the order of a moment that each has, and the key of the next page: empty where none follows.

    `after` is the key of an address. One that we did not make begins at the start.
    """
    try:
        at, last = signing.loads(after, salt=salt)
        rows = rows.filter(**{f"{by}__gte": at}).filter(Q(**{f"{by}__gt": at}) | Q(id__gt=int(last)))
    except signing.BadSignature:
        pass  # nobody's key but ours turns a page
    found = list(rows.order_by(by, "id")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    ends = found[PAGE - 1]
    return found[:PAGE], signing.dumps([getattr(ends, by).isoformat(), ends.pk], salt=salt, compress=False)
