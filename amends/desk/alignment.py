"""What receivers check of a provider's mail, and what is known of it here without asking anybody: SPF, DKIM and DMARC.

RFC 7489 (3.1): a mail passes when the domain that SPF (RFC 7208, the envelope's) or DKIM (RFC 6376, the signature's) vouches
for is that of From, or one below or above it. Signing is the work of the server that takes the letters over; what it does
stands in its DNS and in the head of a letter that arrived, and neither is read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final

from amends.desk.grants import grant_of
from amends.desk.mail_services import GOOGLE, MICROSOFT, SERVICES
from amends.desk.models import Mailbox, Provider

_OF_ANYBODY: Final = frozenset({
    "gmail.com", "googlemail.com",
    "outlook.com", "hotmail.com", "hotmail.co.uk", "live.com", "live.co.uk", "yahoo.com",
    "yahoo.co.uk", "icloud.com", "aol.com", "btinternet.com", "btopenworld.com", "sky.com", "talktalk.net",
    "virginmedia.com", "protonmail.com", "onmicrosoft.com",
})  # fmt: skip
"""Domains in which a provider cannot publish anything."""
_SPF_OF: Final = {
    MICROSOFT: "v=spf1 include:spf.protection.outlook.com -all", GOOGLE: "v=spf1 include:_spf.google.com -all",
}  # fmt: skip
_SEEN: Final = "which server receivers then see is not known here, and SPF has to name that one"
_DKIM: Final = {
    MICROSOFT: "selector1._domainkey and selector2._domainkey as CNAME, as Microsoft Defender shows them under DKIM",
    GOOGLE: "google._domainkey as TXT, as the Google Admin console shows it under Authenticate email",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that receivers look at: whether it is as it should be, as far as is known here, and why."""

    mailbox: str
    what: str
    well: bool
    words: str

    def as_json(self) -> dict[str, Any]:
        """For `amends mail check`."""
        return {"mailbox": self.mailbox, "what": self.what, "well": self.well, "words": self.words}


@dataclass(frozen=True, slots=True)
class Record:
    """One line that has to stand in the DNS of a domain."""

    name: str
    kind: str
    value: str


def service_of(mailbox: Mailbox) -> str:
    """The known service through which a mailbox sends, "" where it is none that is known here."""
    host = mailbox.smtp_host.lower().rstrip(".")
    return next((name for name, each in SERVICES.items() if each.smtp[0] and each.smtp[0] == host), "")


def findings(provider: Provider) -> tuple[Finding, ...]:
    """What is known of each mailbox that sends; the first one is that from which letters leave."""
    boxes = list(Mailbox.objects.filter(provider=provider).order_by("pk"))
    if not boxes or not boxes[0].smtp_host:
        first = boxes[0].address if boxes else ""
        words = "letters leave from the first mailbox, and it has no server to send through: amends mail set"
        return (Finding(first, "sending", well=False, words=words),)
    return tuple(found for box in boxes if box.smtp_host for found in _of(box))


def _of(box: Mailbox) -> Iterator[Finding]:
    domain, service = _domain(box.address), service_of(box)

    def finding(what: str, words: str, *, well: bool) -> Finding:
        return Finding(box.address, what, well=well, words=words)

    own = not any(_related(domain, each) and domain.endswith(each) for each in _OF_ANYBODY)
    yield finding(
        "From", f"letters are from {box.address}" if own else f"nobody but its owner publishes anything for {domain}: "
        "use an address of a domain of your own", well=own,
    )  # fmt: skip
    where = "with the token of its case" if box.token_in_return_path else "the mailbox itself"
    yield finding(
        "Return-Path", f"the same domain as From, {domain} ({where}): SPF vouches for From", well=True
    )
    yield finding("Reply-To", f"the same domain as From, with the token of its case: {domain}", well=True)
    if box.smtp_user or grant_of(box) is not None:
        user = _domain(box.smtp_user) if "@" in box.smtp_user else domain
        same = _related(user, domain)
        yield finding(
            "signing in", f"as {domain}: DKIM of that server can agree with From" if same else f"as {user}, another domain "
            f"than that of From: its server must sign for {domain}, or DKIM does not agree with From", well=same,
        )  # fmt: skip
    alone = bool(service) and SERVICES[service].sends_as_itself_alone and box.token_in_return_path
    if service:
        yield finding(
            "who may send", f"{service} lets an account send as itself alone: amends mail set … --return-path mailbox"
            if alone else f"{service} is told its own address as the sender", well=not alone,
        )  # fmt: skip
    if _inside(box.smtp_host):
        yield finding(
            "leaving",
            f"letters are handed to {box.smtp_host}, a relay that only this house reaches: {_SEEN}",
            well=True,
        )


def records(provider: Provider) -> tuple[Record, ...]:
    """What has to stand in the DNS for the mailboxes that send, each domain once."""
    found: dict[str, tuple[Record, ...]] = {}
    for box in Mailbox.objects.filter(provider=provider).exclude(smtp_host="").order_by("pk"):
        domain, service = _domain(box.address), service_of(box)
        found.setdefault(
            domain,
            (
                Record(domain, "TXT", _SPF_OF.get(service) or _spf(box.smtp_host)),
                Record(f"…._domainkey.{domain}", "DKIM", _DKIM.get(service, "as the operator of the mail server gives it")),
                Record(f"_dmarc.{domain}", "TXT", f"v=DMARC1; p=quarantine; rua=mailto:postmaster@{domain}"),
            ),
        )  # fmt: skip
    return tuple(record for each in found.values() for record in each)


def _spf(host: str) -> str:
    """The record for a server of the provider's own; for a relay inside the house, what has to be found out."""
    if _inside(host):
        return f"v=spf1 … -all, with the server that passes letters on from {host} in place of the dots"
    at = _as_address(host)
    return f"v=spf1 {f'ip{at.version}:{at}' if at else f'a:{host}'} -all"


def _inside(host: str) -> bool:
    """Whether no receiver can ever see this server: this machine, or an address of a network inside."""
    at = _as_address(host)
    return not at.is_global if at else "." not in host.rstrip(".")


def _as_address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower().rstrip(".")


def _related(one: str, other: str) -> bool:
    """Whether two domains agree as DMARC has it by default: the same, or one below the other."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
