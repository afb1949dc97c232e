"""What is wrong with something a person wrote: where, what, why it matters, how to mend it.

A user's mistake is a value of this kind and never an exception, so that all mistakes can be reported at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How grave a problem is, gravest first."""

    BROKEN = "broken"
    """Cannot be compiled: such a code never loads."""
    ERROR = "error"
    """Against a rule of the day: loads only when it is taken as published, and the law overlays it."""
    WARNING = "warning"
    """Lawful as far as is known, but unclear, unverified or unwise."""


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a file that a person wrote. Lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, said so that the writer can mend it without asking anybody."""

    where: Where
    rule: str
    """The id of the rule that found it, such as ``STALE_THRESHOLD``."""
    severity: Severity
    message: str
    """What is wrong, naming the words found."""
    why: str
    """Why it matters: the rule or the promise at stake."""
    mend: str
    """What to write instead."""

    def as_json(self) -> dict[str, Any]:
        """The problem as the ``--format json`` output of ``amends check`` gives it."""
        return {
            "file": self.where.file,
            "line": self.where.line,
            "column": self.where.column,
            "rule": self.rule,
            "severity": self.severity.value,
            "message": self.message,
            "why": self.why,
            "mend": self.mend,
        }


def in_file_order(problems: tuple[Problem, ...] | list[Problem]) -> tuple[Problem, ...]:
    """The problems as a reader meets them: by line, then column, then gravity."""
    gravity = {severity: place for place, severity in enumerate(Severity)}
    return tuple(sorted(problems, key=lambda p: (p.where, gravity[p.severity], p.rule)))
