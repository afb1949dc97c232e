"""Sets the demonstration up in its own folder, plays it to this moment, and says how to look at it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from amends.core.calendar import in_london, london_date
from amends.core.kinds import CaseKind
from amends.core.may import Refusal
from amends.core.problems import Problem
from amends.desk.actions import Actor
from amends.desk.books import governing
from amends.desk.demo import words as w
from amends.desk.demo.asking import Asking
from amends.desk.demo.cast import Cast
from amends.desk.demo.customers import count_customers, fill_book
from amends.desk.demo.outages import Outages
from amends.desk.demo.play import Play, Storyline
from amends.desk.demo.plots import DAY, HOUR, Plots
from amends.desk.demo.requests import Requests
from amends.desk.limits import set_limits
from amends.desk.models import CaseRow, Mail, Mailbox, Provider, RoleName
from amends.desk.people import make_person, person_id
from amends.desk.providers import Adopted, adopt, switch_mail
from amends.desk.stage_roles import fill

CODE = Path(__file__).parents[2] / "codes" / "example.yaml"
LENGTH = timedelta(days=62)
BY = "demonstration"

PEOPLE = (
    ("agent", "amy", "Amy Okafor", RoleName.AGENT, "01632 960141"),
    ("handler", "hana", "Hana Price", RoleName.HANDLER, "01632 960142"),
    ("handler2", "dev", "Dev Malhotra", RoleName.HANDLER, "01632 960143"),
    ("manager", "mia", "Mia Lowe", RoleName.MANAGER, "01632 960144"),
    ("director", "rhys", "Rhys Calloway", RoleName.DIRECTOR, "01632 960145"),
    ("compliance", "cora", "Cora Bright", RoleName.COMPLIANCE, "01632 960146"),
    ("administrator", "adam", "Adam Quill", RoleName.ADMINISTRATOR, "01632 960147"),
)
"""Who works at the invented provider: part, sign-in, name, role, direct number."""


class DemoRefused(Exception):
    """The demonstration cannot be set up here; the words say why."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in as one of the people of the demonstration."""

    username: str
    password: str
    name: str
    role: str


def set_up(
    now: datetime, code: Path = CODE, told: Callable[[str], None] = lambda _words: None
) -> tuple[SignIn, ...]:
    """Play two months up to `now` in an empty desk; the sign-ins of its people.

    Raises DemoRefused in a desk that has cases already: nothing of a real desk is touched.
    """
    if CaseRow.objects.exists():
        raise DemoRefused("this desk has cases already; the demonstration wants a folder of its own")
    begins = now - LENGTH
    provider = _provider(code, begins)
    password = _password()
    people = {
        part: _person(provider, begins, password, username, name, role, phone)
        for part, username, name, role, phone in PEOPLE
    }
    mailbox = Mailbox.objects.create(
        provider=provider,
        address=f"complaints@{provider.pk}.example",
        from_name=provider.name,
        created=begins,
    )
    _arrange(provider, people, begins)
    manager = people["manager"]
    accounts = fill_book(provider, by=BY, manager=(manager.id, manager.name), now=begins)
    _play(Play(provider, mailbox, people, begins, accounts), now, told)
    count_customers(provider, by=BY, begins=begins, ends=now)
    return tuple(SignIn(username, password, name, role) for _, username, name, role, _ in PEOPLE)


def _provider(code: Path, begins: datetime) -> Provider:
    adopted = adopt(
        code.read_text(encoding="utf-8"), code.name, as_published=code != CODE, scheme="communications-ombudsman",
        since=date(2024, 1, 1), by=BY, now=begins,
    )  # fmt: skip
    if not isinstance(adopted, Adopted):
        problems: tuple[Problem, ...] = adopted
        raise DemoRefused("; ".join(p.message for p in problems))
    provider = Provider.objects.get(pk=adopted.provider)
    refusal = switch_mail(provider, Mail.FOLDER, by=BY, now=begins)
    if refusal is not None:
        raise DemoRefused(str(refusal))
    provider.refresh_from_db()
    return provider


def _arrange(provider: Provider, people: dict[str, Actor], begins: datetime) -> None:
    """Who fills the roles of the code, the last of them the director; and how much a handler gives away alone."""
    _adopted, code = governing(provider.pk, london_date(begins))
    roles = [stage.role for stage in code.stages][1:] if code else []
    behind = {role: [people["director" if role == roles[-1] else "manager"].id] for role in roles}
    fill(provider, behind, by=BY, now=begins)
    limits: dict[tuple[str, str], int | None] = {("handler", "award"): 10_000, ("handler", "credit"): 10_000}
    refusal = set_limits(provider, limits, by=BY, by_roles=("director",), now=begins)
    if refusal is not None:
        raise DemoRefused(str(refusal))


def _password() -> str:
    """One password for all people of this demonstration, made anew each time it is set up."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def _person(
    provider: Provider, now: datetime, password: str, username: str, name: str, role: RoleName, phone: str
) -> Actor:
    email = f"{username}@{provider.pk}.example"
    made = make_person(
        username,
        name=name,
        password=password,
        provider=provider,
        role=role,
        by=BY,
        now=now,
        phone=phone,
        email=email,
    )
    if isinstance(made, Refusal):
        raise DemoRefused(str(made))
    return Actor(person_id(made), name, str(role), phone, email)


def _play(play: Play, until: datetime, told: Callable[[str], None]) -> None:
    outages = Outages(play, Cast(1953))
    lines = (
        *_programme(Plots(play, Cast(2026))),
        *_requests(Requests(play, Cast(1984))),
        *_asking(Asking(play, Cast(1871))),
        (19, 8.2, outages.over()),
        (3, 9.4, outages.stands()),
    )
    for days, hour, line in lines:
        begins = _at(until - timedelta(days=days), hour)
        if begins < until:
            play.plan(max(begins, play.now), line)
    play.run(until, lambda at: told(f"{in_london(at):%-d %B}"))


def _at(day: datetime, hour: float) -> datetime:
    midnight = in_london(day).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=hour)


def _programme(p: Plots) -> tuple[tuple[int, float, Storyline], ...]:
    """What begins how many days ago, at which hour."""
    return (
        (61, 9.2, p.still_open_on_its_day()),
        (60, 10.5, p.settled()),
        (59, 11.8, p.at_the_scheme()),
        (58, 14.1, p.settled_on_the_line()),
        (57, 9.7, p.refused_then_settled()),
        (55, 11.3, p.deadlocked()),
        (54, 16.0, p.no_complaint()),
        (52, 8.9, p.settled("handler2")),
        (50, 15.2, p.still_open_on_its_day()),
        (48, 12.4, p.settled_on_the_line()),
        (47, 9.1, p.thanks_after_closing()),
        (45, 10.2, p.by_letter()),
        (44, 13.7, p.reopened()),
        (43, 9.9, p.sorted_today("handler2")),
        (41, 11.1, p.settled()),
        (39, 10.0, p.refused_then_settled()),
        (38, 17.4, p.settled_on_the_line()),
        (36, 9.4, p.a_larger_business()),
        (34, 14.8, p.deadlocked()),
        (33, 12.0, p.settled("handler2")),
        (31, 9.3, p.out_of_office()),
        (29, 10.6, p.settled()),
        (27, 15.5, p.no_complaint()),
        (26, 11.9, p.settled_on_the_line()),
        (24, 9.6, p.by_letter()),
        (22, 13.2, p.still_open_on_its_day()),
        (20, 10.1, p.refused_then_settled()),
        (18, 9.0, p.settled()),
        (16, 14.4, p.a_caller_without_an_address()),
        (14, 11.6, p.still_open_on_its_day()),
        (12, 9.8, p.settled("handler2")),
        (11, 16.3, p.settled_on_the_line()),
        (10, 10.9, p.out_of_office()),
        (9, 9.5, p.sorted_today("handler2")),
        (8, 13.0, p.settled()),
        (7, 11.2, p.refused_then_settled()),
        (6, 9.2, p.by_letter()),
        (5, 14.6, p.settled()),
        (5, 11.0, p.waits_on_a_supplier(timedelta(days=2))),
        (5, 15.2, p.wrote_twice()),
        (4, 10.3, p.agreed_time(timedelta(days=1))),
        (4, 11.7, p.a_time_kept()),
        # Both are far enough back to wait for somebody whatever the weekday, with a bank holiday between.
        (5, 13.1, p.over_the_limit()),
        (6, 14.9, p.higher_today()),
        (3, 9.7, p.points_at_a_case()),
        (3, 12.8, p.settled("handler2")),
        (3, 15.4, p.waits_on_a_supplier(timedelta(days=6))),
        (5, 16.1, p.agreed_time(timedelta(0), hour=11)),
        (5, 10.4, p.agreed_time(timedelta(0), "handler2", hour=15)),
        (4, 12.2, p.agreed_time(timedelta(0), hour=16)),
        (2, 15.9, p.just_come_in()),
        (1, 9.1, p.sorted_today()),
        (1, 10.4, p.just_come_in()),
        (1, 16.7, p.a_caller_without_an_address()),
        (0, 0.4, p.just_come_in()),
        (0, 8.6, p.sorted_today()),
        (0, 9.3, p.just_come_in()),
    )


def _asking(x: Asking) -> tuple[tuple[int, float, Storyline], ...]:
    """What is asked of customers, and what people ask who have no case: the code, a change of it, about their data."""
    return (
        (51, 10.6, x.asks_for_the_code("email")),
        (35, 13.9, x.comments_on_the_code(w.COMMENTS[1], w.CONSIDERED)),
        (32, 14.4, x.answers_by_mail(2 * HOUR)),
        (23, 9.8, x.about_their_data()),
        (20, 15.3, x.waits_for_an_answer()),
        (10, 11.4, x.waits_for_an_answer()),
        (6, 12.6, x.comments_on_the_code(w.COMMENTS[0])),
        (3, 11.3, x.waits_for_an_answer()),
        (6, 10.1, x.answers_by_mail(9 * DAY)),
        (4, 11.9, x.asks_for_the_code("letter", "large print")),
    )


def _requests(r: Requests) -> tuple[tuple[int, float, Storyline], ...]:
    """What is asked for besides: every kind of case, some of them twice."""
    return (
        (49, 10.3, r.asked(CaseKind.PORT)),
        (42, 9.6, r.asked(CaseKind.FAULT)),
        (37, 11.7, r.asked(CaseKind.PRICES)),
        (30, 14.2, r.asked(CaseKind.ORDER)),
        (25, 10.8, r.asked(CaseKind.PAYMENT_METHOD)),
        (21, 15.1, r.asked(CaseKind.NUISANCE)),
        (17, 9.4, r.asked(CaseKind.HARDSHIP)),
        (13, 13.3, r.asked(CaseKind.MARKETING)),
        (9, 10.2, r.asked(CaseKind.CANCELLATION)),
        (28, 11.1, r.asked(CaseKind.DATA_CORRECTION)),
        (16, 15.4, r.asked(CaseKind.DATA_OBJECTION)),
        (12, 9.9, r.asked(CaseKind.DATA_ERASURE)),
        (5, 13.7, r.asked(CaseKind.DATA_ACCESS)),
        (3, 14.0, r.asked(CaseKind.ORDER)),
        (2, 11.2, r.asked(CaseKind.FAULT)),
        (1, 12.1, r.asked(CaseKind.PORT)),
    )
