"""What a person decides before a copy of personal data leaves: of each mark, of each note, of each document.

DP-11. The same words are decided once, wherever they stand. Nothing that was not decided leaves: a bundle with an open
question is not made. Names of our own people follow one choice, which the copy itself tells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from amends.core.third_parties import Mark, Sort, find, without
from amends.desk.bundles.gathering import LABEL_OF_WORDS, Held, Line, Thing
from amends.desk.case_files.pieces import Paper, Reason, Source

GOES, OUT = "goes", "out"
REASONS: Final = {
    Reason.THIRD_PARTY.name.lower(): "it tells of somebody else, who has not agreed",
    Reason.ADVICE.name.lower(): "it is legal advice to us, or prepared for a dispute in law",
    Reason.SECURITY.name.lower(): str(Reason.SECURITY),
    "not_theirs": "it is not about you",
}
"""Why a note or a document does not go, by what a form calls it, as the copy says it in its place."""
STAFF_STAY, STAFF_OUT = "stay", "out"
STAFF_POLICY: Final = {
    STAFF_STAY: "The names of our people who dealt with you stand in it, for they did so as their work.",
    STAFF_OUT: "The names of our people are taken out.",
}
AROUND: Final = 60
"""Characters that are shown on each side of a mark."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to decide. `box` is what a form calls it; `places` are the words around it, as far as they are shown."""

    box: str
    what: str
    words: str
    places: tuple[tuple[str, str, str], ...]
    times: int
    decided: str
    """What was said of it; empty while nobody has."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A note or a document of which it is decided as a whole."""

    box: str
    thing: Thing
    paper: Paper | None
    decided: str


PLACES: Final = 3
"""So many places are shown of words that stand in many."""


def box_of(kind: str, key: str) -> str:
    """What a form calls a question: the same for the same thing, and nothing that anybody wrote."""
    return f"{kind}-{hashlib.sha256(key.encode()).hexdigest()[:20]}"


def marks_of(thing: Thing, held: Held) -> Iterator[tuple[Line, tuple[Mark, ...]]]:
    """Each line of a thing with its marks: its name and those of its documents too."""
    for line in (("", thing.what), *thing.lines, *(("", paper.what) for paper in thing.papers)):
        yield line, find(line[1], held.known)


def questions(held: Held, said: Mapping[str, str]) -> list[Question]:
    """Every distinct mark but those of our people and of chosen words, in the order in which they are read."""
    found: dict[str, list[tuple[Mark, tuple[str, str, str]]]] = {}
    for thing in held.things():
        for line, marks in marks_of(thing, held):
            for mark in marks:
                if mark.sort not in (Sort.STAFF, Sort.CHOSEN):
                    found.setdefault(mark.key, []).append((mark, _around(line[1], mark)))
    return [
        Question(
            box_of("mark", key), str(these[0][0].sort), these[0][0].words,
            tuple(place for _mark, place in these[:PLACES]), len(these), said.get(box_of("mark", key), ""),
        )
        for key, these in found.items()
    ]  # fmt: skip


def _around(text: str, mark: Mark) -> tuple[str, str, str]:
    before = text[max(0, mark.start - AROUND) : mark.start]
    after = text[mark.end : mark.end + AROUND]
    return (
        ("…" if mark.start > AROUND else "") + before, mark.words, after + ("…" if mark.end + AROUND < len(text) else "")
    )  # fmt: skip


def wholes(held: Held, said: Mapping[str, str], gone: frozenset[str]) -> list[Whole]:
    """What is decided as a whole: what was written for colleagues, and every document that no letter of ours to them is.

    A machine cannot read pictures, and a message as it came repeats what is taken out of its words. `gone` are the ids of
    papers whose content was erased: of those nothing is left to decide.
    """
    found = []
    for thing in held.things():
        if thing.for_colleagues:
            box = box_of("thing", thing.id)
            found.append(Whole(box, thing, None, said.get(box, "")))
        for paper in thing.papers:
            if paper.source is not Source.LETTER and paper.id not in gone:
                box = box_of("paper", paper.id)
                found.append(Whole(box, thing, paper, said.get(box, "")))
    return found


def undecided(held: Held, said: Mapping[str, str], gone: frozenset[str]) -> list[str]:
    """The boxes of everything that nobody has decided, or decided in no way that there is."""
    marks = [q.box for q in questions(held, said) if q.decided not in (GOES, OUT)]
    return marks + [w.box for w in wholes(held, said, gone) if w.decided not in (GOES, *REASONS)]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, asked for one thing at a time."""

    held: Held
    said: Mapping[str, str]
    staff: str

    def is_out(self, mark: Mark) -> bool:
        """Whether these words are taken out."""
        if mark.sort is Sort.CHOSEN:
            return True
        if mark.sort is Sort.STAFF:
            return self.staff == STAFF_OUT
        return self.said.get(box_of("mark", mark.key)) != GOES

    def words(self, text: str) -> str:
        """The words as they go."""
        return without(text, (m for m in find(text, self.held.known) if self.is_out(m)))

    def taken_out(self, thing: Thing) -> int:
        """How many marks of a thing are taken out."""
        return sum(self.is_out(m) for _line, marks in marks_of(thing, self.held) for m in marks)

    def why_out(self, thing: Thing, paper: Paper | None = None) -> str:
        """Why a thing, or a document of it, does not go; empty where it goes."""
        if thing.for_colleagues and (why := self._why(box_of("thing", thing.id))):
            return why
        if paper is None:
            return ""
        if paper.source is Source.LETTER:
            out = self.taken_out(thing)
            return "words about others are taken out of it: the rest stands above" if out else ""
        return self._why(box_of("paper", paper.id))

    def _why(self, box: str) -> str:
        decided = self.said.get(box, "")
        return "" if decided == GOES else REASONS.get(decided, REASONS["third_party"])


def lines_of(thing: Thing, decided: Decided) -> Iterator[Line]:
    """The lines of a thing as they go."""
    for label, words in thing.lines:
        yield ("" if label == LABEL_OF_WORDS else decided.words(label)), decided.words(words)
