"""One-page letters decided, frozen, queued and printed by one process of several, and then made in every format."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from amends.bench.ground import database, together_now
from amends.core.braille import brf
from amends.core.facts import CustomerKnown
from amends.core.letters import Letter
from amends.core.spoken import script
from amends.desk import actions, documents, liblouis
from amends.desk.actions import Actor, NewContact
from amends.desk.models import CaseRow, Document, Mail, Outgoing, Provider
from amends.desk.record import docket, opening
from amends.desk.seeding import made_up_provider
from amends.desk.seeding.cast import Cast
from amends.desk.typeset import Letterhead, large_print_bytes

Span = tuple[float, float, float, float]
"""When a process began and ended by the machine's one clock, its seconds of processor, and by how many MB it grew after
its first fifth."""
WORDS = (
    "We have looked into what you told us. The cabinet in your road let in rain, and a joint rusted, so that your line "
    "failed each time it was wet. Our engineer replaced the joint and dried the cabinet, and the line has been steady "
    "since. We are sorry for the days on which you had no service."
)
AT_ONCE = 20


def prepare(cases: int) -> str:
    """So many open cases of a provider whose letters are ready to leave; what the desk keeps its rows in."""
    now, cast = datetime.now(UTC), Cast(cases)
    provider = made_up_provider(now)
    Provider.objects.filter(pk=provider.pk).update(mail=Mail.FOLDER)
    provider.refresh_from_db()
    for start in range(0, cases, AT_ONCE):
        with opening(now) as taken:
            for _ in range(start, min(start + AT_ONCE, cases)):
                customer, trouble = cast.customer(), cast.trouble()
                known = CustomerKnown(at=now, logged=now, name=customer.name, email=customer.email)
                contact = NewContact("email", now, trouble.words, trouble.subject, customer.email)
                actions.open_case(taken, provider, contact, known, Actor("1"), now)
    return database()


def queue(part: int, parts: int) -> Span:
    """Decide a letter on every case of this part, freeze and queue it, and print and keep its PDF."""
    cases = list(CaseRow.objects.order_by("pk").values_list("pk", flat=True))[part::parts]
    handler = Actor("1", "Hana Hall", "handler")
    before = 0.0
    together_now()
    begun, busy = time.monotonic(), time.process_time()
    for number, case in enumerate(cases):
        now = datetime.now(UTC)
        with docket(case, now=now) as taken:
            refused = actions.write(taken, taken.cases[case], handler, now, purpose="update", words=WORDS)
        assert refused is None, refused
        documents.pdf(Outgoing.objects.select_related("provider", "case").get(case=case, letter="update"))
        if number == len(cases) // 5:
            before = _memory()
    return begun, time.monotonic(), time.process_time() - busy, _memory() - before


def _memory() -> float:
    """The most memory that this process has held so far, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_000_000 if sys.platform == "darwin" else 1_000)


def look(cases: int) -> None:
    """See that every case has its letter, ready to leave, and its PDF."""
    found = (Outgoing.objects.filter(letter="update", state="ready").count(), Document.objects.count())
    assert found == (cases, cases), f"{cases} cases have {found} letters and documents"


def each_format() -> dict[str, float]:
    """How many letters are made in a second, in each format that this machine has."""
    rows = list(Outgoing.objects.select_related("provider", "case").order_by("pk")[:200])
    letters = [(documents.frozen(row), documents.letterhead(row)) for row in rows]
    large_print_bytes(letters[0][0].subject, letters[0][0].blocks, letters[0][1])
    ways: dict[str, Make] = {
        "large": lambda letter, head: large_print_bytes(letter.subject, letter.blocks, head),
        "braille": lambda letter, _: brf(letter.subject, letter.blocks),
        "script": lambda letter, _: script(letter.subject, letter.blocks),
    }
    if liblouis.grade2() is not None:
        ways["contracted"] = lambda letter, _: brf(letter.subject, letter.blocks, table=liblouis.best())
    return {name: _rate(letters, make) for name, make in ways.items()}


Make = Callable[[Letter, Letterhead], object]


def _rate(letters: list[tuple[Letter, Letterhead]], make: Make) -> float:
    begun = time.perf_counter()
    for letter, head in letters:
        make(letter, head)
    return len(letters) / (time.perf_counter() - begun)
