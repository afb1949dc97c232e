"""Which of our letters a delivery report says did not arrive (L16).

A report is a claim that anybody can write, so it counts only for a letter whose Message-ID it returns, or for the one
letter to that mailbox of a case whose signed reply address it came to. "Delayed" is no loss: the server tries on.
"""

from __future__ import annotations

from dataclasses import dataclass

from amends.desk import tokens
from amends.desk.address import Address
from amends.desk.delivery import DeliveryReport
from amends.desk.message import Message
from amends.desk.models import CaseAddress, Outgoing

_MAY_BOUNCE = ("sent", "in doubt")


@dataclass(frozen=True, slots=True)
class Bounce:
    """One claim of a report: the letter that is lost, None where that cannot be told, and the server's words."""

    outgoing: Outgoing | None
    why: str
    final: bool = True
    """Whether the letter is lost; not when the server tries on, or says that it arrived."""


def bounces(provider: str, message: Message) -> tuple[Bounce, ...]:
    """What a message reports of deliveries; empty when it is no delivery report."""
    return tuple(_bounce(provider, message, report) for report in message.delivery_reports)


def _bounce(provider: str, message: Message, report: DeliveryReport) -> Bounce:
    why = " ".join(filter(None, (report.action, report.status, report.recipient, report.diagnostic)))[:500]
    if not _is_final(report):
        return Bounce(None, why, final=False)
    return Bounce(_letter(provider, message, report), why)


def _is_final(report: DeliveryReport) -> bool:
    return report.action == "failed" or (not report.action and report.status.startswith("5"))


def _letter(provider: str, message: Message, report: DeliveryReport) -> Outgoing | None:
    sent = Outgoing.objects.filter(provider=provider, state__in=_MAY_BOUNCE)
    if report.message_id:
        return sent.filter(message_id__in=(report.message_id, f"<{report.message_id}>")).first()
    case = _proven_case(provider, message)
    to = Address("", report.recipient).key
    letters = (
        [o for o in sent.filter(case=case, channel="email")[:50] if Address("", o.to).key == to]
        if case
        else []
    )
    return letters[0] if len(letters) == 1 else None


def _proven_case(provider: str, message: Message) -> int | None:
    """The case whose signed reply address the report came to."""
    for address in (*(a.email for a in message.to), *message.delivered_to):
        words = tokens.token_in(address)
        case = tokens.case_of(words) if words else None
        if case is None:
            continue
        parties = CaseAddress.objects.filter(provider=provider, case=case).values_list(
            "address_key", flat=True
        )
        if any(tokens.holds(words, provider, case, party) for party in parties):
            return case
    return None
