"""How old a reader must be for our letters: the Flesch-Kincaid grade, as an age.

grade = 0.39 x words per sentence + 11.8 x syllables per word - 15.59; a child of grade n is n + 5 years old
(Kincaid, Fishburne, Rogers and Chissom, 1975). Only our own prose counts: what people wrote (quotes), labels,
numbers, addresses and the names of schemes, companies and people are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from amends.core.letters import Bullets, Details, Letter, Paragraph

_SENTENCE = re.compile(r"[^.!?:]+[.!?:]?")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_VOWELS = re.compile(r"[aeiouy]+")


def reading_age(letter: Letter, names: Iterable[str]) -> float:
    """The age, in years, at which the letter's own prose can be read; names in it are left out."""
    sentences = [words for sentence in _sentences(letter, names) if (words := _WORD.findall(sentence))]
    words = [word for sentence in sentences for word in sentence]
    syllables = sum(map(syllables_in, words))
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    return grade + 5


def _sentences(letter: Letter, names: Iterable[str]) -> Iterator[str]:
    named = re.compile(
        "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name) or r"(?!)"
    )
    for prose in _prose(letter):
        plain = named.sub("", prose)
        yield from _SENTENCE.findall(plain)


def _prose(letter: Letter) -> Iterator[str]:
    for block in letter.blocks:
        match block:
            case Paragraph(text) if not text.startswith(("Dear ", "Yours sincerely")):
                yield text
            case Bullets(items):
                yield from (item if item.endswith(".") else f"{item}." for item in items)
            case Details(rows):
                yield from (value for _, value in rows if value.endswith("."))
            case _:
                pass


def syllables_in(word: str) -> int:
    """Groups of vowels, without a silent e at the end; at least one."""
    small = word.lower().strip("'’")
    small = re.sub(r"(?<=[^aeiouy])e(?=s?$)(?<!le)|(?<=[^td])ed$", "", small)
    return max(1, len(_VOWELS.findall(small)))
