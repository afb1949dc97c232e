"""The forms in which people and numbers are looked up: small letters, single spaces, the last digits of a number."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

PHONE_DIGITS: Final = 10
"""A British number without its 0 or +44: what two ways of writing it have in common."""
_NOT_DIGITS: Final = re.compile(r"\D+")
NAME_LIMIT: Final = 200
SURNAME_LIMIT: Final = 100


def keys(name: str, phone: str) -> dict[str, str]:
    """The hints of a case by which its customer is looked up."""
    found = name_key(name)
    return {
        "name_key": found[:NAME_LIMIT],
        "surname_key": found.rpartition(" ")[2][:SURNAME_LIMIT],
        "phone_key": phone_key(phone),
    }


def name_key(name: str) -> str:
    """A name as it is compared: without accents, in small letters, its words one space apart."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def phone_key(phone: str) -> str:
    """The last digits of a number; empty for what is too short to be one."""
    digits = _NOT_DIGITS.sub("", phone)
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""
