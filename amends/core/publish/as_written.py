"""What a clause says on the page: its words, and what the file names beside them where a reader would miss it.

The law of the day speaks of the scheme as the file has it (AD-02): its old name, number or address. Those stand above
that note, right or wrong, or nobody could see what it is about.
"""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.code import Channel, Clause, Code, SchemeAsPublished
from amends.core.letters.blocks import one_line
from amends.core.publish.ways import WORDS, contacts


def as_written(clause: Clause, code: Code, *, overtaken: bool) -> str:
    """Its words as the file has them; `overtaken` where a note of what applies today stands below."""
    scheme = code.dispute_resolution.scheme if code.dispute_resolution else None
    if scheme is not None and scheme.id == clause.id and (overtaken or not clause.says):
        return "\n\n".join(filter(None, (clause.says, "\n".join(_scheme(scheme, clause.says)))))
    if not clause.says and not clause.unknown:
        points = (point for point in contacts(code) if point.clause == clause.id and point.value)
        return "\n".join(f"{point.word}: {_on_a_line(point.value)}" for point in points)
    return clause.says


def _scheme(scheme: SchemeAsPublished, said: str) -> Iterator[str]:
    """How the file names the scheme, a line each; its name only where the words have not named it."""
    if scheme.name not in one_line(said):
        yield scheme.name
    given = {
        Channel.FORM: scheme.web, Channel.PHONE: scheme.phone, Channel.FAX: scheme.fax,
        Channel.EMAIL: scheme.email, Channel.LETTER: ", ".join(scheme.post),
    }  # fmt: skip
    yield from (f"{WORDS[way]}: {value}" for way, value in given.items() if value)


def _on_a_line(value: str) -> str:
    """A postal address with commas between its lines."""
    return ", ".join(line.strip().rstrip(",") for line in value.splitlines() if line.strip())
