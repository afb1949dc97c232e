"""The plots of seeded cases, and how often each of them happens at a provider that does its work."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import timedelta

from amends.core.code import Unless
from amends.desk.demo import words as w
from amends.desk.seeding.cast import Cast
from amends.desk.seeding.lives import Life, Plot

Waits = Generator[timedelta, None, None]

CHANNELS = {"email": 52, "phone": 26, "form": 16, "letter": 6}
DAY = 24.0
"""In hours."""
UPDATE_EVERY = 5 * DAY
WINDOW = 372 * DAY
"""A scheme's twelve months, and some days."""


def _arrives(life: Life) -> None:
    (channel,) = life.cast.random.choices(list(CHANNELS), list(CHANNELS.values()))
    life.arrives(channel)


def _handled(life: Life) -> Waits:
    """In, sorted, given to a handler who rings."""
    _arrives(life)
    yield life.cast.hours(0.3, 20)
    life.decided(complaint=True)
    life.sorted()
    life.assigned()
    yield life.cast.hours(2, 40)
    life.introduced()


def _worked_on(life: Life, days: float) -> Waits:
    """So many days of work, with an update every few."""
    left = days * DAY
    while left > UPDATE_EVERY:
        yield timedelta(hours=UPDATE_EVERY)
        life.updated()
        left -= UPDATE_EVERY
    yield timedelta(hours=left)


def settled_on_the_line(life: Life) -> Waits:
    """A call that settles it there and then."""
    life.arrives("phone", stays=False)
    life.decided(complaint=True)
    life.sorted()
    life.assigned(life.agent)
    said = f"Settled on the line. {life.cast.random.choice(w.ACCEPTANCES)}"
    life.closed("customer confirmed", said, Unless.SETTLED_FIRST_CONTACT)
    yield from ()


def settled(life: Life) -> Waits:
    """An outcome that the customer accepts."""
    yield from _handled(life)
    yield from _worked_on(life, life.cast.random.uniform(2, 18))
    life.proposed()
    yield life.cast.hours(3, 7 * DAY)
    life.answered(accepted=True)
    yield life.cast.hours(24, 20 * DAY)
    life.paid()


def refused_then_settled(life: Life) -> Waits:
    """A first answer is refused; the next stage, or a second answer, settles it."""
    yield from _handled(life)
    yield from _worked_on(life, life.cast.random.uniform(2, 12))
    life.proposed()
    yield life.cast.hours(3, 5 * DAY)
    life.answered(accepted=False)
    life.climbs()
    yield life.cast.hours(DAY, 6 * DAY)
    life.proposed(more=2000)
    yield life.cast.hours(3, 5 * DAY)
    life.answered(accepted=True)
    yield life.cast.hours(24, 20 * DAY)
    life.paid()


def no_complaint(life: Life) -> Waits:
    """A question, found to be no complaint."""
    life.arrives("email")
    yield life.cast.hours(0.3, 20)
    life.decided(complaint=False, why="asks for opening hours, is unhappy with nothing")
    life.closed("not a complaint")


def still_open_on_its_day(life: Life) -> Waits:
    """The network never answers; the ADR letter leaves by itself, and the work goes on."""
    yield from _handled(life)
    yield from _worked_on(life, life.cast.random.uniform(58, 80))
    yield from _after_the_letter(life)


def deadlocked(life: Life) -> Waits:
    """Refused at every stage of the code, and declared deadlocked."""
    yield from _handled(life)
    climbing = True
    while climbing:
        yield life.cast.hours(DAY, 6 * DAY)
        life.proposed()
        yield life.cast.hours(3, 4 * DAY)
        life.answered(accepted=False)
        climbing = life.climbs()
    yield life.cast.hours(1, 20)
    life.deadlocked()
    yield from _after_the_letter(life)


def _after_the_letter(life: Life) -> Waits:
    """Settled after all, decided by the scheme, or left until the scheme's window has run."""
    yield life.cast.hours(2 * DAY, 30 * DAY)
    chance = life.cast.random.random()
    if not any(x.letter == "adr-letter" for x in life.hand.case.letters):
        chance = 0.0  # not covered: no letter, so only the customer's word can end it
    if chance < 0.5:
        life.closed("customer confirmed", life.cast.random.choice(w.ACCEPTANCES))
    elif chance < 0.7:
        life.referred()
        yield life.cast.hours(30 * DAY, 80 * DAY)
        life.scheme_decides()
        life.closed("scheme decision carried out", "The scheme asked for an apology and £50; both were sent.")
    else:
        yield timedelta(hours=WINDOW)
        life.closed("ADR letter window run")


def waiting(life: Life) -> Waits:
    """Nobody has looked at it yet."""
    _arrives(life)
    yield from ()


Chances = Sequence[tuple[Plot, int]]

ALL_KINDS: Chances = (
    (settled_on_the_line, 499), (settled, 270), (no_complaint, 80), (refused_then_settled, 70),
    (still_open_on_its_day, 50), (deadlocked, 30), (waiting, 1),
)  # fmt: skip
"""How complaints go at a provider that does its work, of each thousand: one is forgotten."""


def draw(cast: Cast, chances: Chances) -> Plot:
    """One plot, by its chance."""
    return cast.random.choices([p for p, _ in chances], [c for _, c in chances])[0]
