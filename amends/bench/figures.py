"""What a benchmark found: figures with their units and aims, the conditions under which they were taken, as JSON or text."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. Of several runs it is the best, for others may have been at work on the same machine."""

    id: str
    what: str
    value: float
    unit: str
    aim: float | None = None
    """What it ought to be: at least so much where more is better, else at most."""
    more_is_better: bool = True
    runs: tuple[float, ...] = ()
    """Every run that the best was taken from."""

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; None where there is none."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.more_is_better else self.value <= self.aim

    def as_json(self) -> dict[str, Any]:
        """The figure as it is printed: numbers to three places that say something."""
        return {
            "id": self.id,
            "what": self.what,
            "value": rounded(self.value),
            "unit": self.unit,
            "aim": self.aim,
            "met": self.met,
            "runs": [rounded(each) for each in self.runs],
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """One benchmark: its name, what it does, under which conditions, and its figures."""

    name: str
    what: str
    conditions: dict[str, str | int | float]
    figures: tuple[Figure, ...]
    compare: tuple[str, ...] = field(default=())
    """What other programs do on such a machine."""

    def as_json(self) -> dict[str, Any]:
        """The benchmark as it is printed."""
        return {
            "name": self.name,
            "what": self.what,
            "conditions": self.conditions,
            "figures": [figure.as_json() for figure in self.figures],
            "compare": list(self.compare),
        }


class Report(TypedDict):
    """What `--format json` prints."""

    machine: dict[str, str | int | float]
    benchmarks: list[dict[str, Any]]


def report(found: Sequence[Measured]) -> Report:
    """Every benchmark with the machine that it ran on."""
    return {"machine": machine(), "benchmarks": [each.as_json() for each in found]}


def machine() -> dict[str, str | int | float]:
    """What the figures were taken on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    """The processor's own name, where the system tells it."""
    path = Path("/proc/cpuinfo")
    names = (
        [line for line in path.read_text().splitlines() if line.startswith("model name")]
        if path.exists()
        else []
    )
    return names[0].partition(":")[2].strip() if names else platform.processor() or platform.machine()


def text(found: Report) -> Iterator[str]:
    """The report for a person to read."""
    yield ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    for each in found["benchmarks"]:
        yield ""
        yield f"{each['name']}: {each['what']}"
        yield "  " + ", ".join(f"{name} {value}" for name, value in each["conditions"].items())
        for figure in each["figures"]:
            yield f"  {figure['value']:>12,g} {figure['unit']:<5} {figure['what']}{_aim(figure)}"
        for line in each["compare"]:
            yield f"  compare: {line}"


def _aim(figure: dict[str, Any]) -> str:
    if figure["aim"] is None:
        return ""
    return f"  (aim {figure['aim']:,g}: {'met' if figure['met'] else 'NOT MET'})"


def rounded(value: float) -> float:
    """Three significant digits, and whole numbers from a thousand on."""
    return round(value) if abs(value) >= 1000 else float(f"{value:.3g}")


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which this part of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
