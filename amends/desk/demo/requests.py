"""The storylines of the demonstration that are no complaints: faults, orders, cancellations and every other kind of case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from amends.core.calendar import london_date
from amends.core.care import data, steps
from amends.core.care.kinds import KINDS
from amends.core.data_answers import DONE, IN_PART
from amends.core.kinds import DATA_REQUESTS, CaseKind
from amends.desk import actions as a
from amends.desk.actions import NewContact
from amends.desk.care import Asked, Taken
from amends.desk.customers.contract import asked as asked_of_the_book
from amends.desk.data_requests import Answered
from amends.desk.demo.cast import Cast, Person
from amends.desk.demo.play import Play, Storyline
from amends.law import calendars

Given = Callable[[date, Person], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Request:
    """What one customer asks for: their words, the particulars, and what is said of each step in its turn.

    `told` is what the customer is written with a step, by its name; `later` the particulars that become known with one.
    """

    words: str
    given: Given
    said: tuple[str, ...]
    told: Mapping[str, str]
    later: Mapping[str, Given] = field(default_factory=dict)


def _after(days: int) -> Callable[[date], str]:
    return lambda today: (today + timedelta(days=days)).isoformat()


def _next_working_day(today: date) -> str:
    return calendars()["england-and-wales"].next_working_day(today).isoformat()


REQUESTS: Mapping[CaseKind, Request] = {
    CaseKind.FAULT: Request(
        "The line is dead since this morning, and I cannot work without it.",
        lambda _today, who: {
            "service": f"Broadband on {who.phone}", "symptoms": "No light on the router but the power.",
            "works": "not at all", "tests": "Another socket, another cable, router off and on.",
        },
        (
            "The line test shows a break about 200 metres from the house.", "With Northline Networks, reference NL-58214.",
            "An engineer comes tomorrow between 8 and 1.", "A joint in the cabinet was renewed.", "They say that it works.",
        ),
        {
            "appointment": "An engineer comes to you. Somebody has to be at home:",
            "confirmed": "Your line works again: a joint in the cabinet was renewed. Thank you for your patience.",
        },
        {"appointment": lambda today, _who: {"visit": _after(1)(today), "hours": "between 8 am and 1 pm"}},
    ),
    CaseKind.ORDER: Request(
        "I should like a second line for the office in the garden.",
        lambda today, who: {
            "service": "A second broadband line", "price": "27.50", "paid": "afterwards", "terms": "yes",
            "place": who.address.splitlines()[0], "wanted": _after(7)(today),
        },
        ("Passed.", "The duct has room.", "Connected and tested."),
        {"provided": "Your second line is ready. The router lights up green when it is connected."},
    ),
    CaseKind.CANCELLATION: Request(
        "We move abroad at the end of next month and have to end the contract.",
        lambda today, _who: {
            "ends": _after(40)(today), "bought": "by phone, online, by post or at the door",
        },
        ("As shown on the case.", "On the phone, line by line.", "As agreed.", "Ceased on its day."),
        {
            "explained": "As we said on the phone, this is what ending the contract early costs, and why.",
            "confirmed": "We confirm what ends, when, and what it costs.",
        },
    ),
    CaseKind.PORT: Request(
        "I want to keep my number when I come over to you.",
        lambda today, who: {
            "way": "to us", "numbers": who.phone, "partner": "Northline Telecom", "wanted": _after(6)(today),
        },
        ("It can move.", "Agreed with all three.", "Moved in the morning.", "They have tried it both ways."),
        {
            "checked": "Your number can move to us.", "agreed": "Your number moves to us on the day that we agreed.",
            "confirmed": "Your number is with us now, and calls arrive.",
        },
        {
            "agreed": lambda today, _who: {"agreed": _next_working_day(today)},
            "moved": lambda today, _who: {"moved": today.isoformat()},
        },
    ),
    CaseKind.PRICES: Request(
        "What do calls to Portugal cost me?",
        lambda _today, _who: {"which": "their own tariff", "services": "Calls abroad", "calls to": "Portugal"},
        ("On the price list of July.", "Sent."),
        {"sent": "Calls to landlines in Portugal cost you 12p a minute, to mobiles 24p a minute."},
    ),
    CaseKind.PAYMENT_METHOD: Request(
        "I should rather pay by direct debit.",
        lambda today, _who: {"pays": "card", "to": "direct debit", "from": _after(20)(today)},
        ("Asked.", "Changed from the next bill on."),
        {"changed": "From your next bill on you pay by direct debit. You need do nothing more."},
    ),
    CaseKind.NUISANCE: Request(
        "The telephone rings every evening, and nobody speaks.",
        lambda today, who: {
            "calls": f"{_after(-1)(today)} 20:10, withheld, {who.phone}", "sort": "silent",
            "said": "Nothing, then it clicks.",
        },
        ("They come from a network abroad.", "Told that network.", "Advised in writing."),
        {"advised": "We have told the network from which the calls come. Do not ring back, and tell us if they go on."},
    ),
    CaseKind.MARKETING: Request(
        "Please stop sending me offers by text.",
        lambda _today, who: {"ways": "texts", "numbers": who.phone, "seen": "Three texts last week."},
        ("Taken off both lists.", "Told."),
        {"confirmed": "You are off our lists. A text that was sent already may still arrive this week."},
    ),
    CaseKind.HARDSHIP: Request(
        "I have lost my work and cannot pay the last two bills at once.",
        lambda _today, _who: {"owes": "63.00", "bills": "The last two", "can": "21.00"},
        ("Three payments are possible from next month on.", "As they asked."),
        {
            "arranged": "Thank you for telling us. This is the arrangement that we agreed. Nothing is cut off while you "
            "keep it."
        },
        {
            "arranged": lambda today, _who: {
                "plan": "\n".join(f"{_after(days)(today)}, £21.00" for days in (8, 38, 68))
            }
        },
    ),
    CaseKind.DATA_ACCESS: Request(
        "Please send me everything that you hold about me.",
        lambda _today, _who: {"asks": "for themselves", "sent": "on our website"},
        ("Postcode and the sum of the last bill.", "They want everything."),
        {},
    ),
    CaseKind.DATA_CORRECTION: Request(
        "You write my name with one r too few.",
        lambda _today, who: {"wrong": who.name.replace("r", "", 1), "right": who.name},
        ("Postcode and the sum of the last bill.", "In billing and in the customers’ book."),
        {},
        {"corrected": lambda _today, _who: {"where": "In billing, and on every letter from today on."}},
    ),
    CaseKind.DATA_OBJECTION: Request(
        "I do not want your advertising, in no way.",
        lambda _today, _who: {"objects to": "direct marketing"},
        ("Off every list, at the agency too.", "Advertising is not weighed."),
        {},
        {"weighed": lambda _today, _who: {"weighing": "Nothing: it is absolute."}},
    ),
    CaseKind.DATA_ERASURE: Request(
        "We moved away last year. Please erase what you have about us.",
        lambda _today, _who: {"to erase": "Everything"},
        ("Postcode and the sum of the last bill.", "As shown on the case."),
        {},
        {
            "decided": lambda _today, _who: {
                "erased": "What we kept to advise you on tariffs.",
                "kept": "Your complaint of last year, as Ofcom’s rules ask. Your bills, as the tax rules ask.",
            }
        },
    ),
}  # fmt: skip
"""A request of every kind."""
assert set(REQUESTS) == set(KINDS)


class Requests:
    """The storylines, on one stage with a cast of their own."""

    def __init__(self, play: Play, cast: Cast) -> None:
        self.play = play
        self.cast = cast

    def asked(self, kind: CaseKind, pace: timedelta = timedelta(hours=20)) -> Storyline:
        """A call with a request, and its steps in their turn as far as the play goes on."""
        yield timedelta(minutes=30)  # a call comes while somebody is there to take it
        request, person = REQUESTS[kind], self.cast.person()
        contact = NewContact("phone", self.play.now, request.words, sender=person.phone)
        today, known = london_date(self.play.now), person.known(self.play)
        given = dict(request.given(today, person))
        if kind is CaseKind.CANCELLATION:
            service = self.play.accounts[person.name].services.get()
            given = {
                **asked_of_the_book(service, today),
                "ordered": _after(-10)(service.starts or today),
                **given,
            }
        reference = self.play.request("agent", contact, known, Asked(kind, given))
        self.play.link("agent", reference, person.name)
        self.play.do("agent", reference, a.assign, handler=self.play.people["agent"])
        for step, words in zip(KINDS[kind].steps, request.said, strict=False):
            yield pace
            if step.name == data.IDENTITY:
                self.play.identified("agent", reference, words)
            later = request.later.get(step.name)
            taken = Taken(
                step.name, steps.DONE, words, tell=request.told.get(step.name, ""),
                given=later(london_date(self.play.now), person) if later else {},
            )  # fmt: skip
            self.play.take_step("agent", reference, taken)
        if kind in DATA_REQUESTS and kind is not CaseKind.DATA_ACCESS:
            yield pace
            in_part = kind is CaseKind.DATA_ERASURE
            why = "Some of it the law makes us keep for a time, as it says above." if in_part else ""
            answered = Answered(IN_PART, "law", why) if in_part else Answered(DONE)
            self.play.answer_data("agent", reference, answered)
