"""What a rule of the check is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from amends.core.check.words import Sentence, sentences
from amends.core.code import Code, DisputeResolution, SchemeAsPublished
from amends.core.law import Law, Membership, RetiredMention, Scheme
from amends.core.problems import Severity, Where
from amends.core.source import MappingNode, ScalarNode, scalars

_NOT_PUBLISHED = frozenset({"note", "not stated"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is not met."""

    where: Where
    message: str
    """What is wrong, naming the words found."""
    mend: str
    why: str = ""
    """Why it matters, before the rule that is cited; empty where the rule says it all."""
    severity: Severity = Severity.ERROR
    """An error becomes a warning where no source of the rule was seen."""


@dataclass(frozen=True)
class Judged:
    """A code, the file that it came from, and the law by which it is judged on a day."""

    code: Code
    source: MappingNode
    law: Law
    on: date
    memberships: tuple[Membership, ...] = ()

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence that a customer reads, in the order of the file."""
        return tuple(sentences(self.source))

    @cached_property
    def retired(self) -> tuple[tuple[ScalarNode, RetiredMention], ...]:
        """Every old name, number or address of a scheme, wherever it stands in the published file."""
        published = (node for path, node in scalars(self.source) if _NOT_PUBLISHED.isdisjoint(path))
        return tuple(
            (node, mention) for node in published for mention in self.law.retired_in(node.text, self.on)
        )

    @property
    def dispute(self) -> DisputeResolution | None:
        """What the code says of dispute resolution."""
        return self.code.dispute_resolution

    @property
    def published_scheme(self) -> SchemeAsPublished | None:
        """The scheme or other body as the code names it."""
        return self.dispute.scheme if self.dispute else None

    @cached_property
    def scheme(self) -> Scheme | None:
        """The approved scheme that the code names, by its present name or an old one."""
        named = self.published_scheme
        found = self.law.find_scheme(named.name) if named else None
        return found.scheme if found else None

    @cached_property
    def adr_days(self) -> int:
        """The calendar days after which a complaint received on the day of judgement may go to dispute resolution."""
        return self.law.adr_period.on(self.on).value

    @property
    def elsewhere(self) -> str:
        """The title of a complaints code that this document refers to; empty where it refers to none."""
        return next((title for title, _ in self.code.refers_to if "complaint" in title.lower()), "")

    def line_of(self, section: str) -> Where:
        """Where a section begins; the first line of the file where it is missing."""
        key = self.source.key(section)
        return key.where if key else Where(self.source.where.file, 1, 1)

    def missing(self, section: str, message: str, mend: str) -> Finding:
        """Something that the code does not say. Where another document may say it, that is no more than a warning."""
        if self.elsewhere:
            message = f"{message} It may stand in '{self.elsewhere}', which this document names."
        severity = Severity.WARNING if self.elsewhere else Severity.ERROR
        return Finding(self.line_of(section), message, mend, severity=severity)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the check. Its docstring is its entry in docs/checks.md."""

    id: str
    judge: Callable[[Judged], Iterable[Finding]]
    cites: tuple[str, ...] = field(default=())
    """The rules of docs/regulation.md that it stands on; none for a rule of good sense."""

    @property
    def finds(self) -> str:
        """What it finds, in words."""
        return " ".join((self.judge.__doc__ or "").split())
