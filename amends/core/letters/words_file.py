"""Reads a file of a provider's own words for its letters, with every mistake in it at once; a faulty one never loads.

words: larkfield-letters
provider: larkfield
version: "1"
in force from: 1 December 2026
letters:
acknowledgement:
after the greeting: We are a small team, and we read every message ourselves.
instead of:
thanks: Thank you for taking the trouble to write.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date

from amends.core.letters.blocks import clean
from amends.core.letters.own import LetterWords, OwnWords, Place
from amends.core.letters.registry import LETTERS, kind_of
from amends.core.problems import Problem, Severity, Where, in_file_order
from amends.core.shapes import read_day
from amends.core.source import MappingNode, Node, ScalarNode, read, scalars

INSTEAD = "instead of"
_KEYS = ("words", "provider", "version", "in force from", "letters")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 1200
"""Characters of own words at one place: a letter is read on a bad day."""

_WHY_LOCKED = (
    "Scheme, times, dates and rights are the letter's own part: it names those of its day, "
    "and they are locked (R-08)."
)
_FORBIDDEN: tuple[tuple[str, re.Pattern[str], str, str], ...] = (
    (
        "WORDS_NAME_A_SCHEME",
        re.compile(
            r"\b(ombudsman|cisas|adr|adjudicat\w+|arbitrat\w+|dispute[- ]resolution|ofcom|deadlock)\b", re.IGNORECASE
        ),
        "Own words speak of dispute resolution: '{found}'.",
        "Leave it out: the letter names the scheme, how to apply and by when by itself.",
    ),
    (
        "WORDS_PROMISE_A_TIME",
        re.compile(
            r"\b(\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen)[ -]+(working |calendar )?"
            r"(hour|day|week|month|year)s?\b",
            re.IGNORECASE,
        ),
        "Own words give a time: '{found}'.",
        "Leave the time out, or promise it in a clause of the code, whose clock then runs.",
    ),
    (
        "WORDS_WITH_A_GAP",
        re.compile(r"\{\{?[^}]*\}?\}|\[[^\]]*\]|<[^>]*>|\b(?:TBC|TBA|lorem ipsum)\b", re.IGNORECASE),
        "Own words have a gap that nobody would fill in: '{found}'.",
        "Write the words as the customer is to read them.",
    ),
)  # fmt: skip


def read_words(text: str, file: str) -> tuple[OwnWords | None, tuple[Problem, ...]]:
    """The own words in a file, or None where anything at all is wrong with it, and every problem, in its order."""
    source, problems = read(text, file)
    found = list(problems)
    if not isinstance(source, MappingNode):
        if not found:
            found.append(
                _broken(Where(file, 1, 1), "NOT_A_FILE_OF_WORDS", "This is no list of words.", _BEGIN)
            )
        return None, in_file_order(found)
    reader = _Reader(source)
    words = reader.words(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
    found += reader.problems
    return (None if found else words), in_file_order(found)


_BEGIN = "Begin with the line 'words: name-of-the-file'; docs/letter-words.md shows a whole one."


def _broken(where: Where, rule: str, message: str, mend: str, why: str = "") -> Problem:
    why = why or "A file of words that is not understood whole is not used at all."
    return Problem(where, rule, Severity.BROKEN, message, why, mend)


class _Reader:
    """One reading of one file: keeps every mistake, and goes on."""

    def __init__(self, source: MappingNode) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def words(self, fingerprint: str) -> OwnWords:
        self._known(self.source, _KEYS, "this file")
        return OwnWords(
            id=self._id("words"), provider=self._id("provider"), version=self._text("version"), fingerprint=fingerprint,
            in_force_from=self._day(), letters=dict(self._letters()),
        )  # fmt: skip

    def _say(self, where: Where, rule: str, message: str, mend: str, why: str = "") -> None:
        self.problems.append(_broken(where, rule, message, mend, why))

    def _known(self, node: MappingNode, keys: tuple[str, ...], what: str) -> None:
        for key, _value in node.items:
            if key.text not in keys:
                self._say(
                    key.where,
                    "UNKNOWN_KEY",
                    f"'{key.text}' means nothing in {what}.",
                    f"One of: {', '.join(keys)}.",
                )

    def _text(self, key: str) -> str:
        value = self.source.get(key)
        if isinstance(value, ScalarNode) and 0 < len(value.text.strip()) <= 100:
            return value.text.strip()
        where = value.where if value else self.source.where
        self._say(where, "MISSING_KEY", f"'{key}' is missing or no short text.", f"Write '{key}: …'.")
        return ""

    def _id(self, key: str) -> str:
        said, before = self._text(key), len(self.problems)
        if said and not _ID.fullmatch(said) and len(self.problems) == before:
            where = self.source.get(key)
            self._say(
                where.where if where else self.source.where, "BAD_NAME", f"'{said}' is no name for a program.",
                "Use small letters, digits and hyphens.",
            )  # fmt: skip
        return said

    def _day(self) -> date:
        said = self._text("in force from")
        day = read_day(said) if said else None
        value = self.source.get("in force from")
        if said and day is None and value is not None:
            self._say(value.where, "BAD_DATE", f"'{said}' is no date.", "Write it like '1 December 2026'.")
        return day or date.max

    def _letters(self) -> Iterator[tuple[str, LetterWords]]:
        node, ids = self.source.get("letters"), [k.id for k in LETTERS if k.takes_own_words]
        if not isinstance(node, MappingNode) or not node.items:
            where = node.where if node else self.source.where
            self._say(
                where,
                "MISSING_KEY",
                "There are no letters.",
                "Write 'letters:', and below it a letter's name.",
            )
            return
        for key, value in node.items:
            if key.text not in ids:
                self._say(
                    key.where,
                    "UNKNOWN_LETTER",
                    f"No letter '{key.text}' takes own words.",
                    f"One of: {', '.join(ids)}.",
                )
            elif not isinstance(value, MappingNode):
                self._say(value.where, "WRONG_SHAPE", f"'{key.text}' needs places with words.", _places())
            else:
                yield key.text, self._letter(key.text, value)

    def _letter(self, letter: str, node: MappingNode) -> LetterWords:
        self._known(node, (*Place, INSTEAD), f"the letter '{letter}'")
        added = {
            place: tuple(self._paragraphs(value)) for place in Place if (value := node.get(place)) is not None
        }
        return LetterWords(added, dict(self._instead(letter, node.get(INSTEAD))))

    def _paragraphs(self, node: Node) -> Iterator[str]:
        if isinstance(node, MappingNode):
            self._say(node.where, "WRONG_SHAPE", "Words stand here, or a list of paragraphs.", _places())
            return
        found = [words for _path, words in scalars(node)]
        if sum(len(words.text) for words in found) > LONGEST:
            self._say(
                node.where,
                "WORDS_TOO_LONG",
                f"More than {LONGEST:,} characters stand at one place.",
                "Say it shorter.",
            )
        for words in found:
            yield from (clean(part) for part in re.split(r"\n\s*\n", self._checked(words)))

    def _instead(self, letter: str, node: Node | None) -> Iterator[tuple[str, str]]:
        known = kind_of(letter).optional
        if node is None:
            return
        if not isinstance(node, MappingNode):
            self._say(
                node.where,
                "WRONG_SHAPE",
                "Names of sentences stand here, each with its words.",
                _optional(letter),
            )
            return
        for key, value in node.items:
            if key.text not in known:
                self._say(
                    key.where, "LOCKED", f"'{key.text}' is no sentence of this letter that may be said otherwise.",
                    _optional(letter), _WHY_LOCKED,
                )  # fmt: skip
            elif not isinstance(value, ScalarNode) or "\n\n" in value.text:
                self._say(
                    value.where, "WRONG_SHAPE", f"'{key.text}' is one sentence.", "Write it as one text."
                )
            else:
                yield key.text, clean(self._checked(value)).replace("\n", " ")

    def _checked(self, words: ScalarNode) -> str:
        if not clean(words.text):
            self._say(
                words.where, "EMPTY_VALUE", "There are no words here.", "Write them, or leave the line out."
            )
        if words.cut:
            # Whoever writes "our #1 customer" would hear nothing, and customers would read half a sentence.
            self._say(
                words.where,
                "WORDS_CUT_OFF",
                "What stands behind '#' on this line is a comment, and would not be in the letter.",
                "Put the words in quotes, or the comment on a line of its own.",
            )
        for rule, pattern, message, mend in _FORBIDDEN:
            for found in pattern.finditer(words.text):
                self._say(
                    words.at(*found.span()), rule, message.format(found=found.group()), mend, _WHY_LOCKED
                )
        return words.text


def _places() -> str:
    return f"The places are: {', '.join(Place)}; and '{INSTEAD}' for sentences."


def _optional(letter: str) -> str:
    names = kind_of(letter).optional
    return (
        f"Those that may be are: {', '.join(names)}."
        if names
        else "This letter has none: add a paragraph instead."
    )
