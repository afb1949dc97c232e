"""What a letter encloses: the code that was asked for, or an earlier letter that goes once more in another format."""

from __future__ import annotations

from typing import Final

from amends.desk.models import Outgoing

CODE_TOO: Final = "code"
LETTER_TOO: Final = "letter"
"""What a letter may enclose, as `Letter.encloses` begins; a fingerprint or a key follows."""


def length(letter: Outgoing) -> int:
    """Characters of a letter with the earlier letter that it encloses; no letter of the case encloses two."""
    kind, _, key = str(letter.words.get("encloses", "")).partition(" ")
    if kind != LETTER_TOO:
        return len(letter.text)
    earlier = Outgoing.objects.filter(provider=letter.provider_id, key=key).values_list("text", flat=True)
    return len(letter.text) + sum(len(text) for text in earlier)
