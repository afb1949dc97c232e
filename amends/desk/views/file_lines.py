"""The lines of a file with the problems that stand at each: what every page that shows a file shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from amends.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file with the problems that stand at it."""

    number: int
    text: str
    problems: tuple[Problem, ...]


def lines_of(text: str, problems: Iterable[Problem]) -> list[Line]:
    """The lines of a text, each with its problems."""
    at: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        at[problem.where.line].append(problem)
    return [Line(n, line, tuple(at.get(n, ()))) for n, line in enumerate(text.split("\n"), 1)]
