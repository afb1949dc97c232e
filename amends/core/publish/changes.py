"""What changed from one version of a code to the next: clause by clause, then contacts, hours, stages and the scheme.

A clause is the same clause when it has the same id; its words, its heading and the promise that is run from it are
compared. White space does not count as a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from amends.core import saying
from amends.core.code import Clause, Code, DisputeResolution
from amends.core.dated import in_words
from amends.core.publish.promised import promised, serves
from amends.core.publish.published import Change, ChangeKind
from amends.core.publish.ways import WORDS

NOTHING = "(no words)"
"""What stands where a version has a clause that says nothing."""


class Run(NamedTuple):
    """Some words of a text, and whether the other version has them too."""

    text: str
    same: bool


def changes(before: Code, now: Code) -> tuple[Change, ...]:
    """Every difference that a reader would want to know of: clauses in reading order, then the rest."""
    return (*_clauses(before, now), *_rest(_described(before), _described(now)))


def runs(before: str, now: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both texts cut where they begin and cease to differ, by whole words with the gaps behind them."""
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", now)
    blocks = SequenceMatcher(
        None, [w.strip() for w in old], [w.strip() for w in new], autojunk=False
    ).get_opcodes()
    return (
        tuple(Run("".join(old[a:b]), tag == "equal") for tag, a, b, _, _ in blocks if a < b),
        tuple(Run("".join(new[c:d]), tag == "equal") for tag, _, _, c, d in blocks if c < d),
    )


def _clauses(before: Code, now: Code) -> Iterator[Change]:
    old = {clause.id: clause for clause in before.clauses}
    for clause in now.clauses:
        earlier = old.pop(clause.id, None)
        was, is_ = _words(earlier, before) if earlier else "", _words(clause, now)
        if earlier is None:
            yield Change(_about(clause), ChangeKind.ADDED, "", is_, clause.id)
        elif _plain(was) != _plain(is_):
            yield Change(_about(clause), ChangeKind.CHANGED, was, is_, clause.id)
    for clause in old.values():
        yield Change(_about(clause), ChangeKind.REMOVED, _words(clause, before), "", clause.id)


def _about(clause: Clause) -> str:
    return clause.heading or clause.section


def _words(clause: Clause, code: Code) -> str:
    """Everything that a reader and a clock take from a clause."""
    gap = f"Not stated: {clause.unknown}" if clause.unknown else ""
    lines = (
        f"By when: {found.line}."
        for found in (promised(promise, None) for promise in code.promises if promise.clause == clause.id)
        if found.line
    )
    together = (
        f"Changed together on {in_words(change.on)}: "
        + saying.listed(
            [f"{d.title} ({in_words(d.since)})" if d.since else d.title for d in change.documents]
        )
        for change in code.changed_together
        if change.id == clause.id
    )
    return "\n".join(filter(None, (clause.heading, clause.says, gap, *lines, *together))) or NOTHING


def _plain(words: str) -> str:
    return " ".join(words.split())


def _rest(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    for about in dict.fromkeys((*now, *before)):
        was, is_ = before.get(about, ""), now.get(about, "")
        if _plain(was) != _plain(is_):
            kind = ChangeKind.CHANGED if was and is_ else ChangeKind.ADDED if is_ else ChangeKind.REMOVED
            yield Change(about, kind, was, is_)


def _described(code: Code) -> Mapping[str, str]:
    """What is no clause, in words: each with the name by which a reader knows it."""
    found = {
        "Title": code.title,
        "For whom": serves(code.serves),
        "Steps": "\n".join(
            filter(None, (f"{s.role}: {s.contact}" if s.contact else s.role for s in code.stages))
        ),
        "Other formats": saying.listed(code.formats.offered) if code.formats else "",
    }
    for name, hours in code.hours.items():
        found[f"Opening hours: {name}"] = saying.opening(hours)
    for point in code.contacts:
        about = (
            WORDS[point.channel]
            if point.purpose == "complaints"
            else f"{WORDS[point.channel]}, {point.purpose}"
        )
        lines = (found.get(about, ""), point.value, point.hours and f"open: {point.hours}", point.recording)
        found[about] = "\n".join(filter(None, lines))
    if code.dispute_resolution:
        found |= _dispute(code.dispute_resolution)
    return found


def _dispute(dispute: DisputeResolution) -> Mapping[str, str]:
    scheme = dispute.scheme
    reached = (scheme.name, *scheme.post, scheme.phone, scheme.email, scheme.web) if scheme else ()
    return {
        "The scheme that the code names": "\n".join(filter(None, reached)),
        "How long until the scheme": str(dispute.after or ""),
        "How long to go to the scheme": str(dispute.window or ""),
        "What the scheme does not take": "\n".join(dispute.cannot_take),
        "What the scheme can do": "\n".join(dispute.can_do),
    }
