"""What makes two mails the same contact: the same Message-ID and the same content (design: Joining).

The content is the fields that the sender wrote, and everything below them as it came. Left out is what servers add or
rewrite on the way (Received, Return-Path, Delivered-To, DKIM, X- fields and so on) and the kind of line endings, so that a
mail that was fetched twice, or came to two of our mailboxes, is one contact. The Date is in, so that "Any news?" sent
again next week is another. A server that packs the body anew makes another contact of it: that costs a look, where the
opposite mistake would cost a complaint.
"""

import hashlib
from typing import Final

from amends.desk.mime import Part

_SENDERS_OWN: Final = (
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "in-reply-to",
    "content-type",
)


def content_hash(root: Part, raw: bytes) -> str:
    """SHA-256, in hex, over what the sender wrote in a mail."""
    digest = hashlib.sha256()
    for name in _SENDERS_OWN:
        for line in root.fields.all(name):
            digest.update(f"{name}: {line}\n".encode("utf-8", "replace"))
    body = raw[root.start :].replace(b"\r\n", b"\n").rstrip(b"\n")
    digest.update(b"\n" + body)
    return digest.hexdigest()
