"""Stories for the core: facts told with dates, folded, and asked what they mean."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from amends.core import facts as f
from amends.core.build import build
from amends.core.calendar import LONDON
from amends.core.case import Case, fold
from amends.core.clocks import Clock, clocks
from amends.core.duties import Duty, duties
from amends.core.rulebook import Rulebook
from amends.law import calendars, law

if TYPE_CHECKING:
    from amends.core.code import Code

CODES = Path(__file__).parents[1] / "amends" / "codes"
FIVE = ("netfuse", "focus-group", "netservers", "opus", "infinity")


def london(iso: str) -> datetime:
    """A London wall-clock time such as "2026-04-02 16:00" as an aware moment."""
    return datetime.fromisoformat(iso).replace(tzinfo=LONDON)


@cache
def code(name: str) -> Code:
    """One of the codes that come with the program, compiled."""
    path = CODES / f"{name}.yaml"
    built, problems = build(path.read_text(encoding="utf-8"), path.name)
    assert built is not None, problems
    return built


@cache
def book(name: str) -> Rulebook:
    """That code with the law and the calendar of its nation."""
    built = code(name)
    return Rulebook(built, law(), calendars()[built.nation])


class Story:
    """A case told fact by fact. Each step happens at the moment last given to `at`."""

    def __init__(self, provider: str, start: str = "2026-04-02 16:00") -> None:
        self.book = book(provider)
        self.now = london(start)
        self.facts: list[f.Fact] = []
        self.tell(f.CaseOpened, reference="T-1", provider=provider, code=provider, code_version="v")

    def at(self, iso: str) -> Self:
        """Time goes on to this London wall-clock time."""
        self.now = london(iso)
        return self

    def later(self, **span: int) -> Self:
        """Time goes on by this much, as `timedelta` counts it."""
        self.now += timedelta(**span)
        return self

    def tell(self, kind: type[f.Fact], **fields: Any) -> Self:
        """One more fact, now, unless `at` or `logged` say otherwise."""
        envelope = {"at": self.now, "logged": self.now, "by": "hana"}
        self.facts.append(kind(**{**envelope, **fields}))
        return self

    def received(self, channel: str = "email", contact: str = "c1", **fields: Any) -> Self:
        """The customer makes contact."""
        fields.setdefault("received", fields.get("at", self.now))
        return self.tell(f.ContactReceived, contact=contact, channel=channel, **fields)

    def reachable(self, email: str = "jo@example.com", **fields: Any) -> Self:
        """The customer can be written to."""
        return self.tell(f.CustomerKnown, name="Jo Field", email=email, **fields)

    def letter(self, letter: str, key: str, fate: str = "sent", channel: str = "email") -> Self:
        """A letter is decided and meets its fate at once; an empty fate leaves it waiting."""
        self.tell(f.LetterDecided, key=key, letter=letter, channel=channel, digest="d")
        return self.tell(f.LetterFate, key=key, fate=fate) if fate else self

    def refused(self, outcome: str = "o1") -> Self:
        """An outcome is proposed and the customer refuses it."""
        self.tell(f.OutcomeProposed, outcome=outcome, channel="email", words="We offer an apology.")
        return self.tell(
            f.OutcomeAnswered, outcome=outcome, accepted=False, how="recorded by a person", words="No."
        )

    @property
    def case(self) -> Case:
        return fold(self.facts)

    @property
    def clocks(self) -> dict[str, Clock]:
        return {clock.id: clock for clock in clocks(self.case, self.book)}

    @property
    def duties(self) -> dict[str, Duty]:
        return {duty.id: duty for duty in duties(self.case, self.book, self.now)}

    def due(self, clock: str) -> str:
        """When a clock is due, as a London wall-clock time."""
        due = self.clocks[clock].due
        assert due is not None, self.clocks[clock].times.unknown
        return due.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")
