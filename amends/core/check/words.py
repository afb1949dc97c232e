"""The words that customers read, sentence by sentence, and what those sentences are about.

A rule that judges words asks for their sense (is this about the way to a scheme, or about the time that a scheme
takes?), so that the same number of weeks is wrong in one sentence and right in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from amends.core.problems import Where
from amends.core.source import MappingNode, Node, ScalarNode, SequenceNode

READ = frozenset(
    {
        "says",
        "heading",
        "title",
        "section",
        "list",
        "cannot take",
        "can do",
        "contact",
        "complaints to",
        "recording",
        "role",
        "stages",
        "amounts",
        "paid as",
    }
)
"""The keys whose values customers read as words."""
FREE = READ | {"name", "not stated", "note", "offered", "post", "provider name", "version"}
"""The keys whose values are free text, read by customers as sentences or not."""

_NEAR = 200
"""How far around a word its sense is looked for, in characters."""
_BREAK = re.compile(r"(?<=[.!?;])\s+(?=\S)|\n\s*\n")
_ADR = re.compile(
    r"ombudsman|dispute[\s-]+resolution|\badr\b|\bcisas\b|\botelo\b|\bofcom\b|\bispa\b|\bscheme\b|adjudicat\w*|deadlock",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(
    r"complain|unresolved|resolv|settl|unhappy|not satisfied|dispute|right to|still open|been open|gone by|passed",
    re.IGNORECASE,
)
_OTHER_TRADE = re.compile(
    r"financial|\bfca\b|\bfos\b|energy|\bgas\b|electric|ofgem|insur|water", re.IGNORECASE
)
_DECIDES = (
    r"(?:decid|decision|adjudicat|complet|conclu|rul(?:e|ing)|award|carr(?:y|ies|ied) out|compl(?:y|ies))"
)
_DECIDED_BEFORE = re.compile(rf"{_DECIDES}\w*\W+(?:\w+\W+){{0,7}}?$", re.IGNORECASE)
_DECIDED_AFTER = re.compile(
    rf"^\W+(?:\w+\W+){{0,3}}?(?:to|for|before)\W+(?:\w+\W+){{0,3}}?{_DECIDES}", re.IGNORECASE
)
_GOVERNS = re.compile(
    r"(?:\bnot|n['’]t|\bcannot|\bwithout|\bno|\bnever)(?:\s+[\w'’]+){0,4}\s*$", re.IGNORECASE
)
_SCHEME_TAKES = re.compile(
    r"(?:(?:ombudsman|scheme|cisas|adjudicator)\s+(?:usually|normally|typically|generally|will|aims?|tries|expects?)"
    r"\b[^.]{0,60}\b(?:within|in|about|up to)"
    r"|(?:ombudsman|scheme|cisas|adjudicator|it|they|this|process)\s+(?:\w+\s+)?takes?\b[^.]{0,20}?)"
    r"\s*(?:up to|about|around|within)?\s*$",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\bnot\b|n['’]t\b|\bcannot\b|\bunable\b|\bunresolved\b|\bwithout\b|\bno\b|\bnever\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the published words."""

    text: str
    start: int
    """Where it begins in its value."""
    node: ScalarNode
    path: tuple[str, ...]
    """The keys that lead to it."""
    context: str
    """The whole clause that it stands in."""

    def at(self, start: int, end: int) -> Where:
        """Where these of its characters stand in the file."""
        return self.node.at(self.start + start, self.start + end)

    @property
    def about_adr(self) -> bool:
        """Whether it is about the way to dispute resolution, in its own words or those around it."""
        if _OTHER_TRADE.search(self.text):
            return False
        if _ADR.search(self.text) or "dispute resolution" in self.path:
            return True
        return bool(_ADR.search(self.context) and _COMPLAINT.search(self.text))

    def about_deciding(self, start: int, end: int) -> bool:
        """Whether the time that stands there is how long a scheme takes or a decision allows.

        "It decides within eight weeks" is; "if we have not decided within eight weeks" is not.
        """
        before, after = self.text[max(0, start - _NEAR) : start], self.text[end : end + _NEAR]
        found = _DECIDED_BEFORE.search(before)
        if found:
            return not _NOT.search(before[max(0, found.start() - 25) : found.start()])
        return bool(_DECIDED_AFTER.search(after) or _SCHEME_TAKES.search(before))


def negated(text: str, at: int) -> bool:
    """Whether a "not" governs what stands at this place: at most four words before it, and no comma between."""
    return bool(_GOVERNS.search(text[max(0, at - _NEAR) : at]))


def sentences(root: MappingNode) -> Iterator[Sentence]:
    """Every sentence of the words that customers read."""
    yield from _walk(root, (), "")


def _walk(node: Node, path: tuple[str, ...], context: str) -> Iterator[Sentence]:
    match node:
        case MappingNode():
            context = " ".join(
                value.text for key in ("heading", "says") if isinstance(value := node.get(key), ScalarNode)
            )
            for key, value in node.items:
                yield from _walk(value, (*path, key.text), context)
        case SequenceNode():
            for item in node.items:
                yield from _walk(item, path, context)
        case ScalarNode() if path and path[-1] in READ:
            yield from _cut(node, path, context)


def _cut(node: ScalarNode, path: tuple[str, ...], context: str) -> Iterator[Sentence]:
    start = 0
    for gap in [*_BREAK.finditer(node.text), None]:
        end = gap.start() if gap else len(node.text)
        if node.text[start:end].strip():
            yield Sentence(node.text[start:end], start, node, path, context)
        start = gap.end() if gap else end
