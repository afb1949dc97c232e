"""The terms of services in versions: which were in force on a day, for the agent who is asked (F-which-terms, N-terms).

A version is never changed: another one follows it. Which terms a service has, its own row says by name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from amends.core.contracts import terms_on
from amends.core.may import Refusal
from amends.desk.models import AuditEntry, Provider, Service, TermsVersion


@dataclass(frozen=True, slots=True)
class Which:
    """The terms of a service: in force today, and in force when its contract began. None where none are written down."""

    today: TermsVersion | None
    at_start: TermsVersion | None

    @property
    def same(self) -> bool:
        """Whether nothing has changed since the contract began."""
        return self.today is not None and self.today == self.at_start


def add(
    provider: Provider, *, name: str, version: str, in_force_from: date, address: str, words: str, by: str, now: datetime
) -> TermsVersion | Refusal:  # fmt: skip
    """Write a version down. Two of one name cannot begin on the same day."""
    name = " ".join(name.split())
    versions = TermsVersion.objects.filter(provider=provider, name__iexact=name)
    if versions.filter(in_force_from=in_force_from).exists():
        return Refusal(
            "A version of these terms begins on that day already",
            "A-evidence",
            "Give another day, or another name.",
        )
    known = versions.values_list("name", flat=True).first()
    made = TermsVersion.objects.create(
        provider=provider, name=known or name, version=version.strip(), in_force_from=in_force_from,
        address=address, words=words, added_at=now, added_by=by,
    )  # fmt: skip
    AuditEntry.objects.create(
        provider=provider, at=now, by=by, what="terms added",
        detail={"terms": made.name, "version": made.version, "from": in_force_from.isoformat()},
    )  # fmt: skip
    return made


def of_services(
    versions: Iterable[TermsVersion], services: Iterable[Service], today: date
) -> Mapping[int, Which]:
    """Which terms each of these services has, by its id."""
    by_name: dict[str, list[TermsVersion]] = defaultdict(list)
    for version in versions:
        by_name[version.name].append(version)
    return {
        s.pk: Which(
            terms_on(by_name[s.terms], today), terms_on(by_name[s.terms], s.starts) if s.starts else None
        )
        for s in services
        if s.terms
    }


def names(versions: Sequence[TermsVersion]) -> list[str]:
    """What there are terms of."""
    return sorted({version.name for version in versions})
