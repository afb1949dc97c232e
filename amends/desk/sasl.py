"""What is said to a mail server in place of a password: XOAUTH2, and OAUTHBEARER of RFC 7628.

Microsoft 365 offers XOAUTH2 alone; Google offers both; others only the standard one. Of both, what the server names first
is taken. A server that refuses says why in a further question, which is answered so that it can end (RFC 7628, 3.2.3).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

XOAUTH2: Final = "XOAUTH2"
OAUTHBEARER: Final = "OAUTHBEARER"
_END: Final = "\x01"


class Unspeakable(Exception):
    """The server offers neither way, or what must be said cannot be said in it; the words say which."""


def chosen(offered: Iterable[str]) -> str:
    """The way to take of those that a server offers, in its order. Raises Unspeakable."""
    names = [each.upper() for each in offered]
    for each in names:
        if each in (XOAUTH2, OAUTHBEARER):
            return each
    raise Unspeakable("the server takes no token: it offers neither XOAUTH2 nor OAUTHBEARER")


class Bearer:
    """One sign-in with a token: what is said first, and what is said to a refusal."""

    def __init__(self, mechanism: str, user: str, token: str, host: str, port: int) -> None:
        if any(_END in each or not each.isascii() for each in (user, token)):
            raise Unspeakable("the user name or the token holds what cannot be said to a mail server")
        self.mechanism = mechanism
        self.refusal = ""
        """Why the server refused, in its own words, "" while it has not."""
        if mechanism == XOAUTH2:
            self.first = f"user={user}{_END}auth=Bearer {token}{_END}{_END}"
        else:
            named = user.replace("=", "=3D").replace(",", "=2C")
            self.first = (
                f"n,a={named},{_END}host={host}{_END}port={port}{_END}auth=Bearer {token}{_END}{_END}"
            )

    def answer(self, challenge: bytes | None = None) -> str:
        """What is said to a question: the token to the first, and to a refusal whatever ends it."""
        if not challenge:
            return self.first
        self.refusal = _said(challenge)
        return "" if self.mechanism == XOAUTH2 else _END


def _said(challenge: bytes) -> str:
    """The status that a refusal names; the rest of it helps nobody."""
    try:
        status = json.loads(challenge)["status"]
    except (ValueError, TypeError, KeyError):
        return "the token was refused"
    return f"the token was refused ({str(status)[:60]})"
