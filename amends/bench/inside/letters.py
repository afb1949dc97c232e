"""Letters that were decided, printed one after the other."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from amends.bench.ground import database
from amends.desk.documents import frozen, letterhead, pdf
from amends.desk.models import Document, Outgoing
from amends.desk.seeding import believable, made_up_provider
from amends.desk.typeset import pdf_bytes

Took = tuple[str, float, float, int]
"""The store; seconds for making them, and for making and keeping them; their bytes together."""


def print_all(count: int) -> Took:
    """Print so many letters of all kinds, first without and then with keeping them."""
    now = datetime.now(UTC)
    believable(made_up_provider(now), count, now=now)
    letters = list(Outgoing.objects.select_related("provider", "case").order_by("pk")[:count])
    assert len(letters) == count
    pdf_bytes(frozen(letters[0]).subject, frozen(letters[0]).blocks, letterhead(letters[0]))
    begun = time.perf_counter()
    size = 0
    for each in letters:
        letter = frozen(each)
        size += len(pdf_bytes(letter.subject, letter.blocks, letterhead(each)).content)
    made = time.perf_counter() - begun
    begun = time.perf_counter()
    for each in letters:
        pdf(each)
    kept = time.perf_counter() - begun
    assert Document.objects.count() == count
    return database(), made, kept, size
