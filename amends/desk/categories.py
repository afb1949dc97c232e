"""What complaints are about and what is behind them: the provider's own lists of words, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from amends.desk.models import AuditEntry, Provider, WordList

CATEGORY: Final = "category"
CAUSE: Final = "root cause"

CATEGORIES: Final = (
    "Fault or no service", "Slow or unreliable service", "Billing and charges", "Order or installation",
    "Switching or porting", "Moving home", "Contract and price changes", "Cancelling or leaving", "Equipment",
    "Customer service", "How a complaint was handled", "Accessibility or a need", "Privacy or nuisance calls", "Other",
)  # fmt: skip
"""What holds while a provider has written no list of its own."""
CAUSES: Final = (
    "Our network", "A supplier", "Our systems", "Billing error", "Wrong or missing information", "A promise not kept",
    "Staff error", "Delay", "Policy or price", "Customer’s own equipment", "No fault found", "Other",
)  # fmt: skip
LONGEST: Final = 60
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Lists:
    """The words by which cases are sorted, in the order in which they are offered."""

    categories: tuple[str, ...]
    causes: tuple[str, ...]


def lists(provider: str) -> Lists:
    """The lists of a provider; those of the house where it has none."""
    own = dict(WordList.objects.filter(provider=provider).values_list("kind", "words"))
    return Lists(tuple(own.get(CATEGORY) or CATEGORIES), tuple(own.get(CAUSE) or CAUSES))


def change(provider: Provider, kind: str, words: Sequence[str], *, by: str, now: datetime) -> None:
    """Put a new list in force, and say so in the audit. Cases that were sorted by the old one keep their words."""
    kept = list(dict.fromkeys(" ".join(word.split())[:LONGEST] for word in words if word.strip()))[:MOST]
    WordList.objects.update_or_create(
        provider=provider, kind=kind, defaults={"words": kept, "changed": now, "changed_by": by}
    )
    AuditEntry.objects.create(
        provider=provider, at=now, by=by, what="list changed", detail={"list": kind, "words": kept}
    )
