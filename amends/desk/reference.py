"""The reference of a case: short, sayable on the phone, not to be guessed, and with a character that finds slips.

`LB-4F7K-9QX2` is the provider's initials, seven characters drawn by chance from Crockford's alphabet (no I, L, O or
U), and one that is worked out from them, so that one wrong character, or two neighbours said the wrong way
round, is noticed.
"""

from __future__ import annotations

import hashlib
import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DRAWN = 7
_SAID_FOR = str.maketrans({"O": "0", "I": "1", "L": "1"})
_REFERENCE = re.compile(r"\b([A-Z]{1,4})[-– ]?([0-9A-Z]{4})[-– ]?([0-9A-Z]{4})\b", re.IGNORECASE)


def draw(initials: str) -> str:
    """A new reference with these initials."""
    return _written(initials, "".join(secrets.choice(ALPHABET) for _ in range(DRAWN)))


def drawn_from(initials: str, lot: bytes) -> str:
    """The reference that this lot draws, always the same: for what must be one case however often it is sent.

    Whoever knows the lot knows the reference, so a secret belongs into it.
    """
    # 256 is a multiple of 32: every character is as likely as any other.
    return _written(
        initials, "".join(ALPHABET[byte % len(ALPHABET)] for byte in hashlib.sha256(lot).digest()[:DRAWN])
    )


def _written(initials: str, drawn: str) -> str:
    whole = drawn + check_character(drawn)
    return f"{initials}-{whole[:4]}-{whole[4:]}"


def initials(name: str) -> str:
    """The first letters of the first two words of a provider's name, or the first two letters of its one word."""
    words = re.findall(r"[A-Za-z]+", name)
    letters = "".join(w[0] for w in words[:2]) if len(words) > 1 else "".join(words)[:2]
    return letters.upper() or "C"


def check_character(drawn: str) -> str:
    """The last character: Luhn's sum over the alphabet's 32 places."""
    total = 0
    for place, character in enumerate(reversed(drawn)):
        value = ALPHABET.index(character) * (2 - place % 2)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def found(text: str) -> tuple[str, ...]:
    """The references that stand in a text, as they are written here; what has a wrong last character is none."""
    spelt = (normal(match[0]) for match in _REFERENCE.finditer(text))
    return tuple(dict.fromkeys(r for r in spelt if r))


def normal(said: str) -> str:
    """The reference that somebody typed or said, as it is written here; empty where it is none."""
    match = _REFERENCE.fullmatch(said.strip())
    if match is None:
        return ""
    whole = (match[2] + match[3]).upper().translate(_SAID_FOR)
    if any(c not in ALPHABET for c in whole) or check_character(whole[:DRAWN]) != whole[DRAWN]:
        return ""
    return f"{match[1].upper()}-{whole[:4]}-{whole[4:]}"
