"""Delivery reports (RFC 3464): which of our letters did not arrive, at whom, and in whose words (L16)."""

import re
from dataclasses import dataclass
from typing import Final

from amends.desk.fields import Fields, Mistakes, message_ids, one_line, split_fields

RECIPIENTS_LIMIT: Final = 500
_STATUS_TYPES: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_ORIGINAL_TYPES: Final = frozenset(
    {
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global-headers",
    }
)
_BLOCK_END: Final = re.compile(rb"\n[ \t\r]*\n")
_SPOKEN_ID: Final = re.compile(r"^[ \t>]*Message-I[Dd]:\s*<([^<>\s]{3,900})>", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a mail server says of one recipient of one letter of ours. A report is a claim: anyone can write one."""

    message_id: str
    """The Message-ID of the letter reported on, without brackets, "" where the report does not say."""
    recipient: str
    """The mailbox, as the letter was addressed where the report tells that, "" where it tells none."""
    action: str
    """failed, delayed, delivered, relayed or expanded; "" where the report does not say."""
    status: str
    """The code of RFC 3463, such as 5.1.1, or ""."""
    diagnostic: str
    """The server's own words, on one line."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One content of a mail, by its type."""

    media_type: str
    content: bytes


def delivery_reports(
    leaves: list[Leaf], fields: Fields, words: str, mistakes: Mistakes
) -> tuple[DeliveryReport, ...]:
    """All that a mail reports on deliveries, one for each recipient; empty when it reports on none.

    `fields` and `words` are the mail's own, for old programs that name the recipient in X-Failed-Recipients and the
    letter only in their text.
    """
    original = _original_id(leaves) or next(iter(_SPOKEN_ID.findall(words)), "")
    reports = [
        _report(block, original)
        for leaf in leaves
        if leaf.media_type in _STATUS_TYPES
        for block in _blocks(leaf.content, mistakes)
    ]
    named = [report for report in reports if report.recipient or report.action]
    if not named and "x-failed-recipients" in fields:
        recipients = ",".join(fields.all("x-failed-recipients")).split(",")
        named = [
            DeliveryReport(original, one_line(name), "failed", "", "") for name in recipients if name.strip()
        ]
    return tuple(named[:RECIPIENTS_LIMIT])


def _original_id(leaves: list[Leaf]) -> str:
    """The Message-ID in the returned letter or in its returned headers."""
    for leaf in leaves:
        if leaf.media_type in _ORIGINAL_TYPES:
            fields, _ = split_fields(leaf.content.lstrip(), 0, len(leaf.content.lstrip()), Mistakes())
            if found := message_ids(fields.all("message-id")):
                return found[0]
    return ""


def _blocks(content: bytes, mistakes: Mistakes) -> list[Fields]:
    """The groups of fields in a delivery status: the first on the letter, then one for each recipient."""
    pieces = _BLOCK_END.split(content[:1_000_000].strip(), RECIPIENTS_LIMIT)
    return [
        split_fields(piece, 0, len(piece), mistakes)[0] for piece in (raw.strip() for raw in pieces) if piece
    ]


def _report(block: Fields, original: str) -> DeliveryReport:
    return DeliveryReport(
        message_id=original,
        recipient=(_typed(block.first("original-recipient")) or _typed(block.first("final-recipient"))),
        action=block.first("action").partition(" ")[0].lower()[:20],
        status=block.first("status").partition(" ")[0][:20],
        diagnostic=_typed(block.first("diagnostic-code"))[:1_000],
    )


def _typed(line: str) -> str:
    """The value of a field such as `rfc822; someone@example.org`, without its type."""
    kind, semicolon, value = line.partition(";")
    return (value if semicolon else kind).strip().strip("<>")
