"""Takes the code that opens a case to its customer alone out of what goes to others: out of words, and out of mails.

Who answers one of our letters quotes it, with the code in it. Of a mail only the text parts that hold a code are written
anew; every other byte stays. What a file within it shows, such as a picture of our letter, a person looks at.
"""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Collection, Iterator
from typing import Final

from amends.core.letters.sentences.phrases import ACCESS_CODE
from amends.desk.documents import KEPT_BACK
from amends.desk.fields import Mistakes
from amends.desk.mime import Part, content_of, split_parts
from amends.desk.reference import ALPHABET

SAID: Final = f"[{KEPT_BACK}]"
CODE_OUT: Final = "the access code, for it opens the case to the customer alone"
"""What was taken out, and why, as the list of documents and of what is left out say it."""
INSIDE: Final = 5
"""So many mails within mails are looked into."""
_QUOTED: Final = rf"(?i:{ACCESS_CODE})(?:<[^<>]{{0,300}}>|&\w{{1,10}};|[^0-9A-Za-z<>&]){{1,40}}(?P<code>[{ALPHABET}]{{8}})\b"
"""A code as our letters give it, in plain text and in HTML, whichever case it opens."""


def out_of_words(words: str, codes: Collection[str]) -> str:
    """The words without any of these codes, and without any that is quoted from a letter of ours."""
    own = "|".join(map(re.escape, codes))
    found = re.compile(rf"{_QUOTED}|\b(?P<own>(?i:{own}))\b" if own else _QUOTED)
    return found.sub(_without, words)


def _without(found: re.Match[str]) -> str:
    start = found.start("code") if found["code"] else found.start()
    return found[0][: start - found.start()] + SAID


def out_of_mail(raw: bytes, codes: Collection[str], inside: int = INSIDE) -> bytes:
    """A mail as it came, but for these codes in its text parts and in those of mails that are enclosed in it."""
    mistakes = Mistakes()
    made = raw
    # From its end: what is written anew has another length, and moves nothing that stands before it.
    for part in sorted(_leaves(split_parts(raw, mistakes)), key=lambda p: -p.start):
        content = content_of(part, raw, mistakes)
        if part.media_type == "message/rfc822" and inside:
            bare = out_of_mail(content, codes, inside - 1)
        elif part.media_type.startswith("text/"):
            # As Latin-1 every byte is a letter and back again, whatever the charset is.
            bare = out_of_words(content.decode("latin-1"), codes).encode("latin-1")
        else:
            continue
        if bare != content:
            made = made[: part.start] + _encoded(part, bare) + made[part.end :]
    return made


def _leaves(root: Part) -> Iterator[Part]:
    waiting = [root]
    while waiting:
        part = waiting.pop()
        waiting += part.children
        if not part.children:
            yield part


def _encoded(part: Part, content: bytes) -> bytes:
    transfer = part.fields.first("content-transfer-encoding").strip().lower()
    if transfer == "base64":
        return base64.encodebytes(content).replace(b"\n", b"\r\n")
    return quopri.encodestring(content) if transfer == "quoted-printable" else content
