"""Reply addresses: a plus-token that only this desk can make, naming one case and one party to it (L21, L23).

`complaints+fx3…@opus.example` files an answer and shows nothing. The token is 15 bytes in 24 small letters and digits,
for mail programs change the case of an address: ten bytes of an HMAC over provider, case and party, then the case's
number, covered with a pad made from those ten bytes, so that nobody can count cases by looking at addresses.
"""

from __future__ import annotations

import base64
import hmac
import re
from typing import Final

from amends.desk.home import signed

MAC_BYTES: Final = 10
CASE_BYTES: Final = 5

#: The name of a link and no more of it; 16 bytes, as `access.make_link` draws them.
_LINK: Final = re.compile(r"(/link/)([A-Za-z0-9_-]{22})(?![A-Za-z0-9_.-])")
_SHAPE: Final = re.compile(r"[a-z2-7]{24}")


def token(provider: str, case: int, party: str) -> str:
    """The token with which this party, by the key of their address, answers about this case."""
    mac = _mac(provider, case, party)
    return base64.b32encode(mac + _covered(case.to_bytes(CASE_BYTES, "big"), mac)).decode().lower()


def case_of(words: str) -> int | None:
    """The case that a token claims to be of, None where it has not the shape of one. A claim only: see `holds`."""
    if not _SHAPE.fullmatch(words.lower()):
        return None
    whole = base64.b32decode(words.upper())
    return int.from_bytes(_covered(whole[MAC_BYTES:], whole[:MAC_BYTES]), "big")


def holds(words: str, provider: str, case: int, party: str) -> bool:
    """Whether this desk made the token for this party to this case."""
    return hmac.compare_digest(words.lower().encode(), token(provider, case, party).encode())


def reply_address(mailbox: str, provider: str, case: int, party: str) -> str:
    """The mailbox's address with the token in it."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local.partition('+')[0]}+{token(provider, case, party)}@{domain}"


def token_in(address: str) -> str:
    """What stands behind the plus of an address, "" where it has not the shape of a token."""
    tag = address.rpartition("@")[0].partition("+")[2].lower()
    return tag if _SHAPE.fullmatch(tag) else ""


def link_token(name: str) -> str:
    """The whole token of a link to a case; its name alone, as letters are kept with, opens nothing."""
    return f"{name}.{base64.urlsafe_b64encode(signed('access link', name)).decode().rstrip('=')}"


def with_link_tokens(words: str) -> str:
    """The words of a letter with the whole token in every link that is kept by its name: as it leaves."""
    return _LINK.sub(lambda found: found[1] + link_token(found[2]), words)


def _mac(provider: str, case: int, party: str) -> bytes:
    return signed("reply address", f"{provider}\n{case}\n{party}")[:MAC_BYTES]


def _covered(number: bytes, mac: bytes) -> bytes:
    pad = signed("reply address, case", mac.hex())
    return bytes(a ^ b for a, b in zip(number, pad, strict=False))
