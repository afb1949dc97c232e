"""Letters: case + code + law to words. `write(letter id, matter)` gives the letter, or says what is missing for it.

Each letter is a folder: its entry, `words.py`, `parameters.py` and `examples.py`; `registry.py` is the list of them.
Sentences that several letters share are in `sentences/`.
"""

from amends.core.letters.blocks import (
    Block,
    Bullets,
    Details,
    Heading,
    Link,
    Paragraph,
    Quote,
    blocks_from_json,
    blocks_to_json,
)
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import ACKNOWLEDGEMENT, BULK, LAW, REPLY, Letter, letter_from_json
from amends.core.letters.matter import LetterMatter, Missing
from amends.core.letters.registry import LETTERS, kind_of, write

__all__ = [
    "ACKNOWLEDGEMENT",
    "BULK",
    "LAW",
    "LETTERS",
    "REPLY",
    "Block",
    "Bullets",
    "Details",
    "Heading",
    "Letter",
    "LetterKind",
    "LetterMatter",
    "Link",
    "Missing",
    "Paragraph",
    "Quote",
    "blocks_from_json",
    "blocks_to_json",
    "kind_of",
    "letter_from_json",
    "write",
]
