"""The fault procedure as a customer reads it: made from the clauses that run and from the steps that a fault goes through.

F-fault-procedure  how faults are handled is published
F-faults, N-faults where a fault is reported, and what is asked for first

Nothing of it is typed twice: the ways and hours are those of the code, the times those of the promises that the clocks
run, the questions and steps those of a fault's own case. Where the code names no time, the page says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core import saying
from amends.core.care.kinds import FAULT
from amends.core.code import StageKind, Trigger
from amends.core.letters.blocks import Block, Bullets, Heading, Paragraph
from amends.core.publish.promised import promised
from amends.core.publish.published import FaultsShown
from amends.core.publish.telling import first_capital
from amends.core.publish.ways import contacts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.code import Code

TITLE = "How we handle a fault"


def faults(code: Code, law_days: int | None) -> FaultsShown | None:
    """The procedure under this code; None where the code promises nothing about faults."""
    own = [p for p in code.promises if p.when is Trigger.FAULT_REPORTED]
    if not own:
        return None
    given = [point for point in contacts(code) if point.value]
    purposes = ("faults", "support", "complaints")
    ours = next(filter(None, ([p for p in given if p.purpose == purpose] for purpose in purposes)), given)
    inside = (stage.role for stage in code.stages if stage.kind is not StageKind.TRADE_BODY)
    return FaultsShown(
        clauses=tuple(dict.fromkeys(p.clause for p in own)),
        points=tuple(ours),
        asked=tuple(p.asks for p in FAULT.asked_first),
        steps=tuple(step.says for step in FAULT.steps if step.says),
        promises=tuple(promised(p, law_days) for p in own),
        roles=tuple(inside),
    )


LEAD = (
    Paragraph("This is what happens from your report of a fault until it is put right."),
    Heading("How to report it"),
)
"""What stands over the ways of reporting a fault."""


def after_the_points(shown: FaultsShown) -> Iterator[Block]:
    """What we ask, what we do, by when, and where to turn."""
    yield Heading("What we ask you")
    yield Bullets(shown.asked)
    yield Heading("What we do")
    yield Bullets(tuple(f"Step {number}: {words}" for number, words in enumerate(shown.steps, 1)))
    yield Heading("By when")
    timed = tuple(f"{promise.what}: {promise.line}." for promise in shown.promises if promise.line)
    yield (
        Bullets(timed)
        if timed
        else Paragraph("The code names no time for a repair. You can ask us at any time how it stands.")
    )
    yield Heading("If you are not satisfied")
    higher = saying.listed([first_capital(role) for role in shown.roles], "then")
    who = f" These deal with it, one after the other: {higher}." if len(shown.roles) > 1 else ""
    yield Paragraph(
        "Say so at any step, in any way: your fault is then a complaint, with all that this page and the rules say of "
        f"complaints.{who} The repair goes on meanwhile."
    )
