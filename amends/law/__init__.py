"""The law as it ships: the regulator's numbers, the schemes and the bank holidays, read once from files.

The only place that reads these files. Everything that needs the law takes it as an argument; whoever starts
the program asks here for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from amends.core.calendar import read_bank_holidays
from amends.law.nodes import LawMistake
from amends.law.reading import read_law, version_of

if TYPE_CHECKING:
    from amends.core.calendar import Calendar
    from amends.core.law import Law

__all__ = ["LawMistake", "calendars", "law", "law_version"]

BANK_HOLIDAYS = "bank-holidays.csv"


@cache
def law() -> Law:
    """The numbers, rules and schemes. Raises `LawMistake` where a shipped file is wrong."""
    return read_law(*_texts())


def scheme_name(scheme: str) -> str:
    """What the scheme of this id is called now; the id itself where no such scheme is known."""
    return next((each.names[-1].name for each in law().schemes if each.id == scheme), scheme)


@cache
def law_version() -> str:
    """The version of `law()`, without reading what the files say: that takes a hundred times as long."""
    return version_of(*_texts())


def _texts() -> tuple[str, str, str]:
    return _shipped("law.yaml"), _shipped("schemes.yaml"), _shipped("rules.yaml")


@cache
def calendars() -> Mapping[str, Calendar]:
    """The bank holidays of each nation, by its name in the file (`england-and-wales`, `scotland` …)."""
    return MappingProxyType(
        read_bank_holidays(_shipped(BANK_HOLIDAYS), source=f"GOV.UK bank holidays ({BANK_HOLIDAYS})")
    )


def _shipped(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
