"""Who appears in the demonstration: customers of the book, each with a trouble, drawn in the same order in every play."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import TypeVar

from amends.core import facts as f
from amends.desk.demo import words as w
from amends.desk.demo.customers import account_of
from amends.desk.demo.play import Play


@dataclass
class Person:
    """An invented customer."""

    name: str
    email: str
    address: str
    phone: str
    account: str

    def known(
        self, play: Play, *, email: bool = True, address: bool = True, kind: str = ""
    ) -> f.CustomerKnown:
        """What the desk writes down about them: their kind is that of the book, unless another is given."""
        book = play.accounts[self.name].customer
        return f.CustomerKnown(
            at=play.now, logged=play.now, by=play.people["agent"].id, customer_kind=kind or book.kind, name=self.name,
            headcount=None if kind else book.headcount, counted_how="" if kind else book.counted_how,
            email=self.email if email else "", phone=self.phone, address=self.address if address else "",
            account=self.account,
        )  # fmt: skip


T = TypeVar("T")


class Cast:
    """Draws customers and troubles in an order that is the same in every play."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - draws names for a play, no secret
        self._people = self._in_turn(w.CUSTOMERS)
        self._troubles = self._in_turn(w.TROUBLES)
        self._number = count(1)

    def _in_turn(self, things: tuple[T, ...]) -> Iterator[T]:
        while True:
            shuffled = list(things)
            self.random.shuffle(shuffled)
            yield from shuffled

    def person(self) -> Person:
        """The next customer; on their second round they write from another address."""
        name, address, phone = next(self._people)
        local = "".join(
            c for c in name.casefold().replace(" ", ".") if c.isascii() and (c.isalnum() or c == ".")
        )
        number = next(self._number)
        return Person(name, f"{local}{number}@example.org", address, phone, account_of(name))

    def trouble(self) -> w.Trouble:
        """The next trouble."""
        return next(self._troubles)

    def one_of(self, choices: tuple[str, ...]) -> str:
        """One of these."""
        return self.random.choice(choices)
