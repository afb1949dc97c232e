"""Draws invented customers and receipts for seeded cases, the same ones for the same seed.

Nobody can be reached by them: addresses end in example.org, telephone numbers are of the ranges that Ofcom keeps for
drama, and the last two letters of each postcode are among those that no postcode has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from amends.core import facts as f
from amends.core.calendar import in_london
from amends.desk.demo.words import TROUBLES, Trouble

FIRST = (
    "Aisha", "Alan", "Amara", "Angus", "Anwen", "Bethan", "Brendan", "Carys", "Catherine", "Chidi", "Colin", "Dafydd",
    "Daniel", "Deepa", "Dorothy", "Eilidh", "Elaine", "Emeka", "Farah", "Fiona", "Gareth", "George", "Grace", "Hamza",
    "Harriet", "Iain", "Imran", "Ines", "Jasvinder", "Joan", "Joseph", "Kofi", "Krystyna", "Leila", "Lowri", "Maeve",
    "Margaret", "Mohan", "Moira", "Nadia", "Neil", "Niamh", "Olu", "Patrick", "Priya", "Rhys", "Roisin", "Ruth", "Samir",
    "Siobhán", "Stanley", "Tomos", "Ursula", "Vikram", "Wendy", "Yusuf", "Zofia",
)  # fmt: skip
LAST = (
    "Adeyemi", "Ahmed", "Anderson", "Ashdown", "Bailey", "Begum", "Brandt", "Byrne", "Calloway", "Campbell", "Chandra",
    "Clarke", "Davies", "Dunne", "Ellery", "Evans", "Fairbrother", "Fraser", "Gill", "Griffiths", "Hartley", "Hughes",
    "Iqbal", "Jenkins", "Kamara", "Karim", "Kelly", "Lewis", "Lindqvist", "MacLeod", "McTaggart", "Mensah", "Morgan",
    "Nowak", "Nwosu", "O'Neill", "Okafor", "Patel", "Pemberton", "Prydderch", "Quinn", "Raman", "Rees", "Robinson",
    "Sallow", "Sharma", "Singh", "Sutcliffe", "Thomas", "Underhill", "Vaughan", "Walsh", "Whitfield", "Yates", "Zieliński",
)  # fmt: skip
STREETS = (
    "Larch Road", "Mill Lane", "Station Road", "Church Street", "Elm Close", "Harbour View", "Chapel Row", "Ferry Road",
    "Park Terrace", "Grange Avenue", "Quarry Hill", "Canal Street", "Heol y Bont", "Market Place", "Priory Gardens",
)  # fmt: skip
TOWNS = (
    ("Harrogate", "HG1"), ("Aberystwyth", "SY23"), ("Leeds", "LS2"), ("Oban", "PA34"), ("Reading", "RG1"),
    ("Ludlow", "SY8"), ("Boston", "PE21"), ("Newry", "BT34"), ("Hull", "HU9"), ("Llandeilo", "SA19"),
    ("Nottingham", "NG1"), ("Stockport", "SK4"), ("Blackburn", "BB1"), ("Wells", "BA5"), ("London", "N13"),
    ("Sheffield", "S6"), ("Truro", "TR1"), ("Inverness", "IV2"), ("Bangor", "LL57"), ("Lisburn", "BT28"),
)  # fmt: skip
NO_POSTCODE_ENDS_IN = "CIKMOV"

BY_HOUR = tuple(
    accumulate((1, 1, 1, 1, 1, 1, 3, 8, 22, 34, 36, 32, 26, 26, 28, 28, 26, 24, 18, 14, 12, 10, 6, 3))
)
"""How complaints come in over the hours of a day: the running total of their weights."""
WEEKEND = 0.3
"""How many come in on a day of the weekend, measured by a weekday."""


@dataclass(frozen=True, slots=True)
class Customer:
    """An invented customer."""

    name: str
    email: str
    phone: str
    address: str
    account: str
    kind: str


class Cast:
    """Draws from one stream of chance."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - draws names for made-up cases, no secret
        self._number = 0

    def customer(self) -> Customer:
        """The next customer; no two have the same email address."""
        draw, self._number = self.random, self._number + 1
        first, last = draw.choice(FIRST), draw.choice(LAST)
        town, area = draw.choice(TOWNS)
        end = f"{draw.randrange(10)}{draw.choice(NO_POSTCODE_ENDS_IN)}{draw.choice(NO_POSTCODE_ENDS_IN)}"
        local = "".join(c for c in f"{first}.{last}".casefold() if c.isascii() and (c.isalpha() or c == "."))
        kinds = ("residential", "small-business", "not-for-profit", "larger-business")
        return Customer(
            f"{first} {last}",
            f"{local}.{self._number}@example.org",
            f"07700 900{draw.randrange(1000):03}",
            f"{draw.randrange(1, 140)} {draw.choice(STREETS)}\n{town}\n{area} {end}",
            f"A{draw.randrange(10**6, 10**7)}",
            draw.choices(kinds, (88, 8, 2, 2))[0],
        )

    def trouble(self) -> Trouble:
        """What the customer complains about."""
        return self.random.choice(TROUBLES)

    def hours(self, least: float, most: float) -> timedelta:
        """So many hours, to the second: sooner more often than later."""
        return timedelta(seconds=int(3600 * (least + (most - least) * self.random.random() ** 1.6)))

    def receipts(self, count: int, begins: datetime, ends: datetime) -> list[datetime]:
        """So many receipts between two moments, in their order: more by day than by night, fewer at weekends."""
        days = max(1, (ends - begins).days)
        found = sorted(r for r in self._candidates(begins, days, count) if begins <= r < ends)
        while len(found) < count:
            more = self._candidates(begins, days, count - len(found))
            found = sorted([*found, *(r for r in more if begins <= r < ends)])
        return found

    def _candidates(self, begins: datetime, days: int, count: int) -> Iterator[datetime]:
        first = in_london(begins).replace(minute=0, second=0, microsecond=0)
        for _ in range(count):
            day = first + timedelta(days=self.random.randrange(days + 1))
            if day.weekday() >= 5 and self.random.random() > WEEKEND:
                continue
            (hour,) = self.random.choices(range(24), cum_weights=BY_HOUR)
            yield day.replace(hour=hour, minute=self.random.randrange(60), second=self.random.randrange(60))


def known(customer: Customer, at: datetime, by: str) -> f.CustomerKnown:
    """What the desk writes down about a customer."""
    return f.CustomerKnown(
        at=at, logged=at, by=by, customer_kind=customer.kind, name=customer.name, email=customer.email,
        phone=customer.phone, address=customer.address, account=customer.account,
    )  # fmt: skip
