"""What another system's columns and words mean here: a small file, kept with each source, so that it is written once.

source: Zendesk
columns:
reference: Ticket ID
first_received: Created at
adr_letter: ADR letter date
values:
contact_direction: {agent: out, end-user: in}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from amends.desk.imports.reading import Row, Unreadable, column

FIELDS: Final = (
    "reference", "first_received", "channel", "complaint", "subject", "words", "name", "email", "phone", "address",
    "account", "kind", "customer", "closed_on", "closed_how", "acknowledged", "adr_letter", "adr_letter_channel",
    "contact_at", "contact_direction", "contact_channel", "contact_words",
)  # fmt: skip
NEEDED: Final = ("reference", "first_received")
LARGEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping: its source, the file's column for each field, what words of the file mean, and its own text."""

    source: str
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    text: str

    def cells(self, row: Row) -> dict[str, str]:
        """The cells of a row by our names, its words turned into ours."""
        found = {}
        for name, theirs in self.columns.items():
            if theirs in row.cells:
                words = row.cells[theirs]
                found[name] = self.values.get(name, {}).get(words.strip().casefold(), words)
        return found


def read(text: str) -> Mapped:
    """The mapping that a file gives. Raises Unreadable, with everything that is wrong in one line."""
    if len(text) > LARGEST:
        raise Unreadable("the mapping is far too long")
    try:
        found: Any = YAML(typ="safe", pure=True).load(text)
    except YAMLError as wrong:
        raise Unreadable(f"the mapping cannot be read: {' '.join(str(wrong).split())[:300]}") from wrong
    if not isinstance(found, dict) or set(found) - {"source", "columns", "values"}:
        raise Unreadable("a mapping has three parts: source, columns and values")
    source = " ".join(str(found.get("source") or "").split())
    columns, values = found.get("columns"), found.get("values") or {}
    if not source or len(source) > 60:
        raise Unreadable("the mapping says in `source` which system the cases come from, in up to 60 letters")
    if not isinstance(columns, dict) or not isinstance(values, dict):
        raise Unreadable("`columns` gives the file’s column for each field, and `values` what its words mean")
    unheard = sorted({str(name) for name in (*columns, *values)} - set(FIELDS))
    if unheard:
        raise Unreadable(
            f"the mapping names what no case has: {', '.join(unheard)}; there are: {', '.join(FIELDS)}"
        )
    missing = [name for name in NEEDED if not columns.get(name)]
    if missing:
        raise Unreadable(f"the mapping gives no column for: {', '.join(missing)}")
    if any(not isinstance(words, dict) for words in values.values()):
        raise Unreadable("`values` says for a field what each word of the file means, as `word: ours`")
    return Mapped(
        source, {str(k): column(str(v)) for k, v in columns.items() if v},
        {str(k): {_word(w).strip().casefold(): _word(o) for w, o in words.items()} for k, words in values.items()},
        text,
    )  # fmt: skip


def _word(value: object) -> str:
    """A word of the mapping: YAML takes yes, no, on and off for truths."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
