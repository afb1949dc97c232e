"""The shipped files of law as values: every entry checked, every mistake told with its file, line and column.

The files are ours, so a mistake in them is a broken promise of ours (`LawMistake`), never a user's problem.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType
from typing import TypeVar, get_args

from amends.core.dated import Confidence, Dated, Series
from amends.core.law import Compensation, Law, Rule
from amends.core.schemes import (
    DayKind,
    Detail,
    Exclusion,
    Ground,
    NotScheme,
    Retired,
    RetiredKind,
    Scheme,
    SchemeName,
    SchemePeriod,
)
from amends.core.source import Node
from amends.law.nodes import (
    LawMistake,
    agree,
    day,
    day_or,
    fields,
    items,
    one_of,
    open_fields,
    pounds,
    root,
    text,
    whole,
    word,
    yes,
)

T = TypeVar("T")

_CITED = ("rule", "confidence", "sources")


def read_law(law: str, schemes: str, rules: str) -> Law:
    """The law from the texts of its three files. Raises `LawMistake` at the first mistake."""
    cited = fields(root(rules, "rules.yaml"), ("rules", "sources"))
    sources = {key: text(value) for key, value in open_fields(cited["sources"]).items()}
    known = {key: _rule(key, value, sources) for key, value in open_fields(cited["rules"]).items()}
    numbers, directory = root(law, "law.yaml"), root(schemes, "schemes.yaml")
    return _Reader(known, sources).law(numbers, directory, version_of(law, schemes, rules))


def version_of(law: str, schemes: str, rules: str) -> str:
    """The version of the law that these texts hold."""
    return sha256(f"{law}\0{schemes}\0{rules}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads entries that cite rules and sources, which must exist."""

    rules: Mapping[str, Rule]
    sources: Mapping[str, str]

    def law(self, numbers: Node, schemes: Node, version: str) -> Law:
        top = fields(numbers, ("gathered", "numbers", "automatic compensation"))
        directory = fields(schemes, ("schemes", "not schemes"))
        series = {name: node for name, node in open_fields(top["numbers"]).items() if name != "scheme_cap"}
        cap = fields(top["numbers"], ("scheme_cap",), tuple(series))["scheme_cap"]
        return Law(
            version=version,
            gathered=day(top["gathered"]),
            scheme_cap=self.series("scheme_cap", cap, pounds),
            automatic_compensation=self._compensation(top["automatic compensation"]),
            schemes=tuple(self.scheme(node) for node in items(directory["schemes"])),
            not_schemes=tuple(self._not_scheme(node) for node in items(directory["not schemes"])),
            rules=MappingProxyType(dict(self.rules)),
            sources=MappingProxyType(dict(self.sources)),
            **self._numbers(top["numbers"], series),
        )

    def _numbers(self, node: Node, series: Mapping[str, Node]) -> dict[str, Series[int]]:
        """The series of whole numbers, each under its name in `Law`."""
        agree(node, series, _NUMBERS)
        return {name: self.series(name, entries, whole) for name, entries in series.items()}

    def _compensation(self, node: Node) -> Mapping[Compensation, Series[Decimal]]:
        events = fields(node, tuple(Compensation))
        read = {e: self.series(f"compensation for {e}", events[e], pounds) for e in Compensation}
        return MappingProxyType(read)

    def series(self, name: str, node: Node, value: Callable[[Node], T], unit: str = "") -> Series[T]:
        """A series with its entries. One of a scheme's details needs neither unit nor words of its own."""
        stated = ("says", "governed by", "unit")
        optional = ("answers from", *(stated if unit else ()))
        parts = fields(node, ("entries",) if unit else (*stated, "entries"), optional)
        try:
            return Series(
                name=name,
                unit=word(parts, "unit", unit),
                entries=tuple(self.dated(entry, value) for entry in items(parts["entries"])),
                says=word(parts, "says"),
                governed_by=word(parts, "governed by"),
                answers_from=day(parts["answers from"]) if "answers from" in parts else None,
            )
        except ValueError as wrong:
            raise LawMistake(node.where, str(wrong)) from wrong

    def dated(self, node: Node, value: Callable[[Node], T]) -> Dated[T]:
        """One entry of a series."""
        parts = fields(node, ("value", "from", "until", *_CITED), ("note", "expected"))
        return self._dated(parts, value(parts["value"]))

    def stated(self, node: Node, key: str, value: Callable[[Node], T]) -> Dated[T]:
        """A value that the source states without days."""
        parts = fields(node, (key, *_CITED), ("note", *_UNDATED))
        return self._dated(parts, value(parts[key]))

    def _dated(self, parts: Mapping[str, Node], value: T) -> Dated[T]:
        rule, confidence, sources = self._cited(parts)
        return Dated(
            value=value,
            start=day_or(parts.get("from"), "not found"),
            end=day_or(parts.get("until"), "open"),
            rule=rule,
            confidence=confidence,
            sources=sources,
            note=word(parts, "note"),
            expected="expected" in parts and yes(parts["expected"]),
        )

    def _cited(self, parts: Mapping[str, Node]) -> tuple[str, Confidence, tuple[str, ...]]:
        return self._known(parts["rule"]), *_how_sure(parts, self.sources)

    def _known(self, node: Node) -> str:
        rule = text(node)
        if rule not in self.rules:
            raise LawMistake(node.where, f"rule {rule} does not stand in rules.yaml")
        return rule

    def scheme(self, node: Node) -> Scheme:
        """One scheme of the directory."""
        parts = fields(node, _SCHEME)
        details = fields(parts["details"], _NEEDED_DETAILS, (Detail.HOURS,))
        name = text(parts["id"])
        return Scheme(
            id=name,
            names=tuple(_name(n) for n in items(parts["names"])),
            also=tuple(text(n) for n in items(parts["also"])),
            approved=self.series(f"approval of {name}", parts["approved"], yes),
            details=MappingProxyType(
                {d: self.series(f"{d} of {name}", n, text, "text") for d, n in details.items()}
            ),
            window=self.series(f"window of {name}", parts["window"], whole),
            retired=tuple(self._retired(n) for n in items(parts["retired"])),
            carry_out=self._period(parts["carry out"]),
            periods=MappingProxyType({k: self._period(n) for k, n in open_fields(parts["periods"]).items()}),
            exclusions=tuple(self._exclusion(n) for n in items(parts["cannot take"])),
            powers=tuple(self.stated(n, "says", text) for n in items(parts["can do"])),
            applying=self.stated(parts["how to apply"], "says", text),
            cost=self.stated(parts["free"], "value", yes),
        )

    def _retired(self, node: Node) -> Retired:
        parts = fields(node, ("kind", "text", "since", *_CITED), ("note", "unless followed by"))
        rule, confidence, sources = self._cited(parts)
        return Retired(
            kind=one_of(parts["kind"], _RETIRED_KINDS),
            text=text(parts["text"]),
            since=day_or(parts["since"], "not found"),
            rule=rule,
            confidence=confidence,
            sources=sources,
            note=word(parts, "note"),
            unless_followed_by=tuple(text(n) for n in items(parts.get("unless followed by"))),
        )

    def _exclusion(self, node: Node) -> Exclusion:
        parts = fields(node, ("ground", "says", *_CITED), ("note", "firm"))
        ground = one_of(parts["ground"], {g.value: g for g in Ground})
        return Exclusion(ground, self.stated(node, "says", text), "firm" not in parts or yes(parts["firm"]))

    def _period(self, node: Node) -> SchemePeriod:
        parts = fields(node, ("days", "counted", "says", *_CITED), ("note",))
        days = self.stated(node, "days", whole)
        return SchemePeriod(days, one_of(parts["counted"], _DAY_KINDS), text(parts["says"]))

    def _not_scheme(self, node: Node) -> NotScheme:
        parts = fields(node, ("names", "reason", "rule", "confidence"), ("note",))
        return NotScheme(
            names=tuple(text(n) for n in items(parts["names"])),
            reason=text(parts["reason"]),
            rule=self._known(parts["rule"]),
            confidence=one_of(parts["confidence"], _CONFIDENCES),
            note=word(parts, "note"),
        )


# --- Rules and names ----------------------------------------------------------------------------------------


def _rule(rule_id: str, node: Node, known: Mapping[str, str]) -> Rule:
    parts = fields(node, ("says", "confidence", "sources"), ("from", "until", "note"))
    confidence, sources = _how_sure(parts, known)
    start, end = day_or(parts.get("from"), "not found"), day_or(parts.get("until"), "open")
    return Rule(rule_id, text(parts["says"]), start, end, confidence, sources, word(parts, "note"))


def _name(node: Node) -> SchemeName:
    parts = fields(node, ("name", "from", "until"))
    return SchemeName(text(parts["name"]), day(parts["from"]), day_or(parts["until"], "open"))


def _how_sure(parts: Mapping[str, Node], known: Mapping[str, str]) -> tuple[Confidence, tuple[str, ...]]:
    """The confidence and the sources, which must fit: what was seen names its source."""
    confidence = one_of(parts["confidence"], _CONFIDENCES)
    sources = tuple(_source(node, known) for node in items(parts["sources"]))
    if confidence in ("P", "S") and not sources:
        raise LawMistake(parts["sources"].where, f"confidence {confidence} needs the source that was seen")
    if confidence == "I" and not sources and "note" not in parts:
        raise LawMistake(
            parts["confidence"].where, "confidence I needs a source, or a note of what it is from"
        )
    return confidence, sources


def _source(node: Node, known: Mapping[str, str]) -> str:
    source = text(node)
    if source not in known:
        raise LawMistake(node.where, f"source {source} does not stand in rules.yaml")
    return source


_CONFIDENCES: Mapping[str, Confidence] = {c: c for c in get_args(Confidence)}
_RETIRED_KINDS: Mapping[str, RetiredKind] = {k: k for k in get_args(RetiredKind)}
_DAY_KINDS: Mapping[str, DayKind] = {k: k for k in get_args(DayKind)}
_NEEDED_DETAILS = (Detail.PHONE, Detail.EMAIL, Detail.WEB, Detail.POST)
_UNDATED = ("days", "counted", "says", "ground", "firm")
_SCHEME = (
    "id", "names", "also", "approved", "window", "details", "retired",
    "carry out", "periods", "cannot take", "can do", "how to apply", "free",
)  # fmt: skip
_NUMBERS = (
    "adr_period",
    "adr_window",
    "record_retention",
    "retention_default",
    "small_business_size",
    "not_for_profit_size",
    "dp_acknowledge_days",
    "access_request_months",
    "access_request_extension_months",
    "compensation_repair_working_days",
    "compensation_appointment_notice_hours",
    "compensation_payment_days",
    "compensation_stop_after_days",
    "compensation_stop_notice_days",
    "contract_max_term",
    "contract_change_notice_months",
    "contract_end_notice_earliest_days",
    "contract_end_notice_latest_days",
    "cooling_off_days",
    "switch_loss_working_days",
    "switching_code_days",
    "mobile_switch_working_days",
)
