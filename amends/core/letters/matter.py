"""What a letter is written from, and what one may lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType

from amends.core.case import Appointment, Case
from amends.core.clocks import Clock, clocks
from amends.core.letters.blocks import Block
from amends.core.letters.own import OwnWords
from amends.core.rulebook import Rulebook
from amends.core.schemes import Membership
from amends.core.settled import as_if_left

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class LetterMatter:
    """Everything that a letter may speak of, as it stands at `now`."""

    case: Case
    book: Rulebook
    provider_name: str
    today: date
    """The London date that the letter bears."""
    now: datetime
    memberships: tuple[Membership, ...] = ()
    portal: str = ""
    """The web address of this provider's portal; empty where it has none."""
    access_code: str = ""
    """With the reference it opens the case in the portal; empty where none is given."""
    free_text: str = ""
    """What a person adds in their own words; the required parts stand around it."""
    own: OwnWords | None = None
    """The provider's own words as they are in force on the day."""
    signature: str = ""
    """Who signs where no handler does, by the provider's letterhead."""
    extra: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """Further values by name: `link` and `link until` (ISO) for an access link; `answer by` (a date, ISO) for an
    outcome, and `outcome` and `credit_pence` for one whose fact follows the letter and names it; `of`, `format`, `subject`
    and `recording` (`attached`, or nothing) for an earlier letter in another format; `files` and `file names` for papers
    that go with it (`sentences.papers`)."""

    @cached_property
    def clocks(self) -> tuple[Clock, ...]:
        """Every clock of the case."""
        return clocks(self.case, self.book)

    @cached_property
    def clocks_as_written(self) -> tuple[Clock, ...]:
        """Every clock as it will stand when the letters that were written before this one have left."""
        written = as_if_left(self.case)
        return self.clocks if written is self.case else clocks(written, self.book)

    @property
    def appointment(self) -> Appointment | None:
        """The agreed time to speak that is still to come, the newest one."""
        coming = (a for a in self.case.appointments if not a.settled and a.ends > self.now)
        return max(coming, key=lambda a: a.agreed, default=None)

    @property
    def noun(self) -> str:
        """What the customer's matter is called: a complaint, unless it was found or opened as something else."""
        if self.case.care:
            return "request"
        return "enquiry" if self.case.complaint is False else "complaint"


@dataclass(frozen=True, slots=True)
class Missing:
    """A letter that cannot be written: which, the names of what is not there, and why, in words for a person."""

    letter: str
    fields: tuple[str, ...]
    why: str


Writing = tuple[str, tuple[Block, ...]]
"""A subject and the blocks under it."""
