"""What somebody has answered of a complaint that they have not sent yet: kept for their browser alone, and gone in a day.

It is no fact and no evidence. It dies when it is sent, when it is thrown away, and by itself a day after the last
answer. Sent twice, from one window or from two, it is one case: that is kept for an hour.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from amends.desk import uploads
from amends.desk.attachment import Attachment
from amends.desk.models import BegunComplaint, BegunFile, CaseRow, Provider

LASTS: Final = timedelta(days=1)
"""How long answers are kept after the last of them."""
ONCE: Final = timedelta(hours=1)
"""How long after it was sent the same page, sent again, still leads to its case."""


def hashed(browser: str) -> str:
    """What is kept of that by which a browser is known."""
    return hashlib.sha256(browser.encode("utf-8", "replace")).hexdigest()


def find(provider: Provider, browser: str, now: datetime) -> BegunComplaint | None:
    """What this browser has begun here and not sent; None where there is nothing, or it is too old."""
    if not browser:
        return None
    return _open(provider, browser).filter(saved__gt=now - LASTS).first()


def keep(provider: Provider, browser: str, said: Mapping[str, Any], now: datetime) -> BegunComplaint:
    """Keep these answers beside those that were given before; what is answered again replaces its old answer."""
    with transaction.atomic():
        begun = _held(provider, browser, now)
        begun.said = {**begun.said, **said}
        _saved(begun, now)
    return begun


def keep_files(
    provider: Provider, browser: str, files: Sequence[Attachment], now: datetime
) -> tuple[BegunComplaint, tuple[str, ...]]:
    """Keep files beside those that came before; and what is wrong, in words, where there are too many of them.

    The same file once more is the same file.
    """
    wrong: list[str] = []
    with transaction.atomic():
        begun = _held(provider, browser, now)
        there = set(begun.files.values_list("sha256", flat=True))
        size = begun.files.aggregate(all=Sum("size"))["all"] or 0
        for file in files:
            sha256 = hashlib.sha256(file.content).hexdigest()
            if sha256 in there:
                continue
            if len(there) >= uploads.MOST or size + len(file.content) > uploads.TOGETHER:
                wrong.append(f"{file.name}: {_('there is no room for it.')} {uploads.LIMITS}")
                continue
            there.add(sha256)
            size += len(file.content)
            BegunFile.objects.create(
                provider=provider, begun=begun, name=file.name, media_type=file.media_type[:100],
                content=file.content, size=len(file.content), sha256=sha256,
            )  # fmt: skip
        _saved(begun, now)
    return begun, tuple(wrong)


def drop_file(begun: BegunComplaint, number: int, now: datetime) -> None:
    """Take one file away again."""
    with transaction.atomic():
        held = BegunComplaint.objects.select_for_update().filter(pk=begun.pk, case__isnull=True).first()
        if held is not None:
            held.files.filter(pk=number).delete()
            _saved(held, now)


def enclosed(begun: BegunComplaint) -> tuple[Attachment, ...]:
    """The files that go with it, in the order in which they came."""
    return tuple(
        Attachment(file.name, file.media_type, bytes(file.content), inline=False)
        for file in begun.files.order_by("pk")
    )


def send(
    begun: BegunComplaint, turn: int, opening: Callable[[BegunComplaint], CaseRow], now: datetime
) -> CaseRow | None:
    """The case that it becomes, by `opening`, in one transaction; the same one where it has just become one.

    None where it was changed after its reader saw it (`turn`): nothing is sent that nobody has read.
    """
    with transaction.atomic():
        held = BegunComplaint.objects.select_for_update().filter(pk=begun.pk).first()
        if held is None:
            return None
        if held.case is not None:
            return held.case
        if held.turn != turn:
            return None
        case = opening(held)
        held.files.all().delete()
        held.case, held.said, held.saved = case, {}, now
        held.save(update_fields=["case", "said", "saved"])
        return case


def named(provider: Provider, browser: str, key: str, now: datetime) -> BegunComplaint | None:
    """What a last page of this browser is about: still open, or sent within the hour."""
    if not browser:
        return None
    mine = BegunComplaint.objects.filter(provider=provider, browser=hashed(browser), key=key)
    return mine.filter(
        Q(case__isnull=True, saved__gt=now - LASTS) | Q(case__isnull=False, saved__gt=now - ONCE)
    ).first()


def throw_away(provider: Provider, browser: str) -> None:
    """Forget everything that this browser has answered here, and that it has sent it."""
    if browser:
        BegunComplaint.objects.filter(provider=provider, browser=hashed(browser)).delete()


def sweep(now: datetime) -> int:
    """Take away what nobody has come back to, and what was sent; how many rows."""
    old = Q(case__isnull=True, saved__lte=now - LASTS) | Q(case__isnull=False, saved__lte=now - ONCE)
    gone, _each = BegunComplaint.objects.filter(old).delete()
    return gone


def _open(provider: Provider, browser: str) -> QuerySet[BegunComplaint]:
    return BegunComplaint.objects.filter(provider=provider, browser=hashed(browser), case__isnull=True)


def _held(provider: Provider, browser: str, now: datetime) -> BegunComplaint:
    """What this browser has begun, locked until the transaction ends; a new one where that is too old or is none."""
    _open(provider, browser).filter(saved__lte=now - LASTS).delete()
    begun, _new = BegunComplaint.objects.select_for_update().get_or_create(
        provider=provider, browser=hashed(browser), case=None,
        defaults={"key": secrets.token_urlsafe(16), "saved": now},
    )  # fmt: skip
    return begun


def _saved(begun: BegunComplaint, now: datetime) -> None:
    begun.turn += 1
    begun.saved = now
    begun.save(update_fields=["said", "turn", "saved"])
