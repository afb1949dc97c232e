"""Rules about the scheme that a code names: the right kind of body, its present name and details, and that it is free.

"Provider must be a member of, and comply with, an approved ADR scheme" (CH-03); there are two (AD-01). "Ofcom does not
decide individual complaints and is not an ADR scheme" (CH-27).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from amends.core.check.judged import Finding, Judged
from amends.core.check.words import Sentence, negated
from amends.core.code import SchemeAsPublished
from amends.core.dated import in_words
from amends.core.law import NotSchemeMention, RetiredMention, membership_on
from amends.core.part import Part
from amends.core.problems import Severity, Where
from amends.core.source import MappingNode, ScalarNode

_FREE = re.compile(
    r"\bfree\b|(?:no|without|any) (?:cost|charge|fee)|costs? (?:you |the customer )?nothing|not cost|at no",
    re.IGNORECASE,
)
_CLAIMS = re.compile(
    r"right to|through|refer|escalat|\btake\b|\bturn to\b|go to|contact|complain to|decid|adjudicat"
    r"|rul(?:es?|ing) on|resolve",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\bdecid|adjudicat|binding|instead of (?:the |an? )?(?:ombudsman|scheme)|dispute resolution",
    re.IGNORECASE,
)
_WAIT_OVER = re.compile(
    r"unresolved|not (?:been )?(?:resolved|settled)|deadlock|weeks|dispute resolution|final", re.IGNORECASE
)
_OTHER_TRADES = ("Financial", "Energy", "Information")


def missing_scheme(judged: Judged) -> Iterator[Finding]:
    """No scheme: the code does not say who decides when provider and customer cannot agree."""
    if judged.published_scheme is None:
        names = " or ".join(scheme.name for scheme in judged.law.approved(judged.on))
        yield judged.missing(
            "dispute resolution",
            "The code names no dispute-resolution scheme.",
            f"Add 'scheme: …' to 'dispute resolution', with the one that you belong to: {names}.",
        )


def ofcom_or_ispa_as_adr(judged: Judged) -> Iterator[Finding]:
    """A regulator or trade body in the place of a scheme.

    It is the body named, or words send customers to it when the wait is over. A trade body as a step on the way is
    no fault.
    """
    named = judged.published_scheme
    wrong = judged.law.not_scheme_mentions(named.name) if named and not judged.scheme else ()
    if named and wrong:
        yield _not_a_scheme(named.name_where, wrong[0], judged)
    for sentence in judged.sentences:
        if judged.law.scheme_mentions(sentence.text) or "approved" in sentence.text.lower():
            continue
        for mention in judged.law.not_scheme_mentions(sentence.text):
            end = mention.start_offset + len(mention.text_as_found)
            if _stands_for_a_scheme(sentence, mention):
                yield _not_a_scheme(sentence.at(mention.start_offset, end), mention, judged)
                break


def scheme_not_approved(judged: Judged) -> Iterator[Finding]:
    """A body that nobody knows as an approved scheme on the day."""
    named = judged.published_scheme
    if named is None:
        return
    approved = judged.law.approved(judged.on)
    unknown = judged.scheme is None and not judged.law.not_scheme_mentions(named.name)
    if unknown or (judged.scheme and judged.scheme not in approved):
        names = " or ".join(scheme.name for scheme in approved)
        yield Finding(
            named.name_where,
            f"'{named.name}' is no approved scheme on {in_words(judged.on)}.",
            f"Name {names}.",
        )


def wrong_scheme_for_provider(judged: Judged) -> Iterator[Finding]:
    """An approved scheme that the provider, as far as is recorded, does not belong to on the day."""
    member, named = membership_on(judged.memberships, judged.on), judged.published_scheme
    if member and named and judged.scheme and judged.scheme.id != member.scheme:
        right = judged.law.scheme(member.scheme).name
        yield Finding(
            named.name_where,
            f"The code names {judged.scheme.name}, and the provider has belonged to {right} since {in_words(member.since)}.",
            f"Name {right}, or correct the provider's record.",
            "A scheme takes no complaint about a provider that is not its member.",
        )


def inconsistent_scheme_name(judged: Judged) -> Iterator[Finding]:
    """Words that send customers to another scheme than the one that the code names."""
    if judged.scheme is None:
        return
    for sentence in judged.sentences:
        mentions = judged.law.scheme_mentions(sentence.text)
        if any(mention.scheme.id == judged.scheme.id for mention in mentions):
            continue
        for mention in mentions[:1]:
            yield Finding(
                sentence.at(mention.start_offset, mention.end_offset),
                f"'{mention.text_as_found}' stands here, and the code names {judged.scheme.name} as its scheme.",
                f"Write {judged.scheme.name}, or change 'scheme'.",
                "A customer who asks the wrong scheme loses time and may be turned away.",
                Severity.WARNING,
            )


def retired_scheme_name(judged: Judged) -> Iterator[Finding]:
    """A name that a scheme no longer bears."""
    yield from _retired(judged, "name")


def old_address(judged: Judged) -> Iterator[Finding]:
    """A postal address that is no longer the scheme's."""
    yield from _retired(judged, "address")


def old_phone(judged: Judged) -> Iterator[Finding]:
    """A telephone or fax number that is no longer the scheme's."""
    yield from _retired(judged, "phone")


def old_email(judged: Judged) -> Iterator[Finding]:
    """A mailbox that is no longer the scheme's."""
    yield from _retired(judged, "email")


def old_domain(judged: Judged) -> Iterator[Finding]:
    """A website that is no longer the scheme's."""
    yield from _retired(judged, "domain")


def differs_from_directory(judged: Judged) -> Iterator[Finding]:
    """A number, address or link of the scheme that is neither in the directory nor known as an old one."""
    named = judged.published_scheme
    part = _scheme_part(judged)
    if judged.scheme is None or named is None or part is None:
        return
    details = judged.scheme.on(judged.on)
    for key, alike in _ALIKE.items():
        written, right = (
            _published(named, key),
            "\n".join(details.post) if key == "post" else getattr(details, key),
        )
        if written and alike(written) != alike(right) and not judged.law.retired_in(written, judged.on):
            yield Finding(
                part.where_of(key),
                f"'{written.replace(chr(10), ', ')}' is not what the directory gives as the {key} of {judged.scheme.name}.",
                f"Check it with the scheme; the directory gives {right.replace(chr(10), ', ')}.",
                severity=Severity.WARNING,
            )


def adr_not_free_stated(judged: Judged) -> Iterator[Finding]:
    """A scheme is named, and not that it costs the customer nothing."""
    named = judged.published_scheme
    if named is None or named.free:
        return
    if named.free is False:
        yield Finding(
            named.where,
            "The code says that the scheme costs the customer something.",
            "Write 'free: yes': it does not.",
        )
    elif not any(sentence.about_adr and _FREE.search(sentence.text) for sentence in judged.sentences):
        yield Finding(
            named.where,
            "The code does not say that dispute resolution is free for the customer.",
            "Say so in the words, and add 'free: yes' to 'scheme'.",
            "Notices that kept silent on it were part of what EE was fined for in 2015.",
        )


def _stands_for_a_scheme(sentence: Sentence, mention: NotSchemeMention) -> bool:
    if mention.body.name.startswith(_OTHER_TRADES) or negated(sentence.text, mention.start_offset):
        return False
    rest = sentence.text[mention.start_offset :]
    if re.match(r"\S+(?: does| do| will| can)?(?: not|n['’]t)\b|\S+ cannot", rest, re.IGNORECASE):
        return False
    if _DECIDES.search(sentence.text) and "stages" in sentence.path:
        return True
    return "stages" not in sentence.path and bool(
        _CLAIMS.search(sentence.text) and _WAIT_OVER.search(sentence.text)
    )


def _not_a_scheme(where: Where, mention: NotSchemeMention, judged: Judged) -> Finding:
    names = " or ".join(scheme.name for scheme in judged.law.approved(judged.on))
    return Finding(
        where,
        f"'{mention.text_as_found}' stands in the place of a dispute-resolution scheme.",
        f"Name the scheme that you belong to: {names}.",
        mention.body.reason,
    )


def _retired(judged: Judged, kind: str) -> Iterator[Finding]:
    return (_old(node, mention) for node, mention in judged.retired if mention.kind == kind)


_KINDS = {"name": "name", "address": "address", "phone": "number", "email": "mailbox", "domain": "website"}


def _old(node: ScalarNode, mention: RetiredMention) -> Finding:
    known = "" if mention.confidence != "R" else " This is unverified: no source of it was seen."
    return Finding(
        node.at(mention.start_offset, mention.end_offset),
        f"'{' '.join(mention.text_as_found.split())}' is an old {_KINDS[mention.kind]} of {mention.scheme.name}.{known}",
        f"Write {mention.current_value}.",
        "A customer who follows it does not reach the scheme.",
        Severity.WARNING if mention.confidence == "R" else Severity.ERROR,
    )


def _scheme_part(judged: Judged) -> Part | None:
    dispute = judged.source.get("dispute resolution")
    if not isinstance(dispute, MappingNode):
        return None
    return Part(dispute).part("scheme") or Part(dispute).part("body")


def _published(named: SchemeAsPublished, key: str) -> str:
    return {"phone": named.phone, "email": named.email, "web": named.web, "post": "\n".join(named.post)}[key]


def _digits(text: str) -> str:
    return re.sub(r"^(?:44|0044)", "0", re.sub(r"\D", "", text.replace("(0)", "")))


def _site(text: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", text.strip().lower()).rstrip("/")


def _postcode(text: str) -> str:
    """The postcode alone: lines of an address are written in many ways."""
    found = re.findall(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", text.upper())
    return re.sub(r"\s", "", found[-1]) if found else text.upper()


_ALIKE: dict[str, Callable[[str], str]] = {
    "phone": _digits,
    "email": str.lower,
    "web": _site,
    "post": _postcode,
}
