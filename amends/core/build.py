"""Turns the text of a code file into a compiled code, with every mistake in it at once.

A code that is broken anywhere does not compile; everything else that is wrong with it is for `check` to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from amends.core import schema
from amends.core.code import (
    ChangedDocument,
    ChangedTogether,
    Channel,
    Clause,
    Closing,
    Code,
    ContactPoint,
    CustomerKind,
    DataProtection,
    DeadlockRoute,
    DisputeResolution,
    Formats,
    Owed,
    Period,
    Promise,
    Reached,
    Reason,
    Redress,
    RedressKind,
    SchemeAsPublished,
    Stage,
    StageKind,
    Trigger,
    Unit,
)
from amends.core.hours import Hours, parse_hours
from amends.core.part import Part, listed, one_line
from amends.core.problems import Problem, Severity, Where, in_file_order
from amends.core.promises import (
    clause_promise,
    half_promises,
    half_stage,
    in_words,
    never_written,
    stage_promise,
)
from amends.core.redress.cancelling import CodeRight
from amends.core.shapes import NOT_STATED, fit, read_week
from amends.core.source import MappingNode, Node, ScalarNode, read

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHANNELS = {
    "phone": Channel.PHONE,
    "fax": Channel.FAX,
    "email": Channel.EMAIL,
    "web form": Channel.FORM,
    "web": Channel.FORM,
    "webchat": Channel.WEBCHAT,
    "post": Channel.LETTER,
}
_AT_START = frozenset({Reached.START})
_LATER = frozenset({Reached.NOT_SATISFIED, Reached.CUSTOMER_ASKS})
_TEN_DAYS = Period(10, Unit.WORKING_DAYS)


def build(text: str, file: str) -> tuple[Code | None, tuple[Problem, ...]]:
    """The compiled code, or None where anything is broken, and every problem in the order of the file.

    `file` is only a name for messages.
    """
    code, problems = build_in_part(text, file)
    broken = any(problem.severity is Severity.BROKEN for problem in problems)
    return (None if broken else code), problems


def build_in_part(text: str, file: str) -> tuple[Code | None, tuple[Problem, ...]]:
    """As `build`, but with what could be compiled of a broken code: to be looked at further, and never to be run.

    It is None only where the file is no mapping at all.
    """
    root, problems = read(text, file)
    if root is None:
        return None, problems
    found = [*problems, *fit(root, schema.CODE, "the file", schema.CODE)]
    code: Code | None = None
    if isinstance(root, MappingNode):
        builder = _Builder(Part(root))
        code = builder.code(sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
        found += builder.problems
    return code, in_file_order(found)


@dataclass
class _Builder:
    """One building of one file: each section adds its clauses and promises to the same lists."""

    root: Part
    problems: list[Problem] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    cancelling: CodeRight | None = None
    together: list[ChangedTogether] = field(default_factory=list)
    hours: dict[str, Hours] = field(default_factory=dict)

    def code(self, fingerprint: str) -> Code:
        """The code as far as it can be built; it counts only where nothing is broken."""
        root = self.root
        self._read_hours()
        contacts = tuple(point for part in root.parts("contact") for point in self._contact(part))
        self._clauses(root.parts("clauses"), schema.HEADINGS["clauses"])
        stages = self._stages()
        closing = self._closing(root.part("closing"))
        dispute = self._dispute(root.part("dispute resolution"))
        redress = tuple(self._redress(part) for part in root.parts("redress"))
        formats = self._formats(root.part("formats"))
        protection = self._data_protection(root.part("data protection"))
        copy = self._copy(root.part("copy"))
        self._review(root.part("review"))
        refers_to = tuple(self._refers_to(part) for part in root.parts("refers to"))
        self._dates()
        week = read_week(root.text("working week") or "Monday to Friday")
        return Code(
            id=root.text("code"),
            provider=root.text("provider"),
            provider_name=one_line(root.text("provider name")),
            title=one_line(root.text("title")),
            version=one_line(root.text("version")) or "1",
            nation=root.text("nation"),
            where=root.where,
            fingerprint=fingerprint,
            kind=root.text("kind") or "complaints code",
            in_force_from=root.day("in force from"),
            in_force_until=root.day("in force until"),
            note=root.text("note"),
            serves=root.entries("serves", schema.CUSTOMER, CustomerKind),
            hours=MappingProxyType(self.hours),
            working_day=self._hours_name(root, "working day"),
            working_week=week if isinstance(week, frozenset) else frozenset(),
            contacts=contacts,
            clauses=tuple(sorted(self.clauses, key=lambda clause: clause.where)),
            promises=tuple(sorted(self.promises, key=lambda promise: promise.where)),
            stages=stages,
            closing=closing,
            dispute_resolution=dispute,
            formats=formats,
            paid_as=next((each.paid_as for each in redress if each.paid_as), ""),
            compensation_amounts=tuple(amount for each in redress for amount in each.amounts),
            refers_to=refers_to,
            changed_together=tuple(self.together),
            data_protection_id=protection.id if protection and protection.complaints_to else "",
            data_protection=protection,
            redress=redress,
            cancelling=self.cancelling,
            copy_id=copy.text("id") if copy else "",
            copy_free=copy.yes("free") if copy else None,
        )

    def _read_hours(self) -> None:
        table = self.root.node.get("opening hours")
        for name, value in table.items if isinstance(table, MappingNode) else ():
            hours = parse_hours(name.text, value.text) if isinstance(value, ScalarNode) else None
            if isinstance(hours, Hours):
                self.hours[name.text] = hours

    def _hours_name(self, part: Part, key: str) -> str | None:
        """The name of opening hours, if the file gives such hours."""
        name = part.text(key)
        table = self.root.node.get("opening hours")
        names = [key.text for key, _ in table.items] if isinstance(table, MappingNode) else []
        if not name or name in names:
            return name or None
        near = get_close_matches(name, names, n=1)
        listing = f"The file gives: {', '.join(names)}." if names else "Give them in 'opening hours'."
        self._broken(
            part.where_of(key),
            "UNKNOWN_HOURS",
            f"There are no opening hours called '{name}'.",
            "Without them nobody can say when it is open, or when a working day ends.",
            f"Did you mean '{near[0]}'?" if near else listing,
        )
        return None

    def _clause(self, part: Part, section: str, words: str = "", clause_id: str = "") -> None:
        """Add a clause; its id must be the only one of its kind in the file."""
        clause_id = clause_id or part.text("id")
        if not clause_id:
            return
        twin = next((clause for clause in self.clauses if clause.id == clause_id), None)
        if twin:
            self._broken(
                part.where_of("id"),
                "DUPLICATE_ID",
                f"'{clause_id}' is the id of two clauses: in line {twin.where.line} and in line {part.where.line}.",
                "A letter that cites it could mean either.",
                "Give one of them another id.",
            )
        says = part.text("says") or words
        unknown = one_line(part.text("not stated"))
        self.clauses.append(
            Clause(
                clause_id,
                section,
                one_line(part.text("heading")),
                says,
                part.where,
                unknown,
                part.entry("reason", schema.REASON, Reason),
            )
        )

    def _clauses(self, parts: tuple[Part, ...], section: str) -> None:
        for part in parts:
            section = one_line(part.text("section")) or section
            self.problems += half_promises(part)
            self.problems += never_written(part)
            promise = clause_promise(part)
            if days := part.count("days to cancel"):
                own = bool(part.yes("before it is provided"))
                self.cancelling = CodeRight(part.text("id"), days, only_before_provided=own)
            self._changed_together(part)
            if promise:
                self.promises.append(promise)
            elif not any(part.text(key) for key in ("says", "not stated", "when", "owe")):
                self._broken(
                    part.where,
                    "EMPTY_CLAUSE",
                    f"The clause '{part.text('id')}' says nothing and promises nothing.",
                    "Customers would read a heading with nothing under it.",
                    "Add 'says: …', or 'not stated: …' with the reason why the document leaves it empty.",
                )
            self._clause(part, section, in_words(promise) if promise else "")

    def _changed_together(self, part: Part) -> None:
        own = part.part("changed together")
        on = own.day("on") if own else None
        if own is None or on is None:
            return
        documents = []
        for node in listed(own.node.get("documents")):
            if isinstance(node, MappingNode):
                one = Part(node)
                documents.append(
                    ChangedDocument(
                        one_line(one.text("title")), one.where, one.day("from"), bool(one.yes("this code"))
                    )
                )
            elif isinstance(node, ScalarNode):
                documents.append(ChangedDocument(one_line(node.text), node.where))
        self.together.append(ChangedTogether(part.text("id"), part.where, on, tuple(documents)))

    def _contact(self, part: Part) -> Iterator[ContactPoint]:
        self._clause(part, schema.HEADINGS["contact"])
        for key, channel in _CHANNELS.items():
            for value, where, point in _points(part, key):
                yield ContactPoint(
                    id=part.text("id"),
                    channel=channel,
                    value=value,
                    where=where,
                    purpose=part.text("for") or "complaints",
                    hours=self._hours_name(point, "open") or self._hours_name(part, "open"),
                    label="website" if key == "web" else one_line(part.text("heading")),
                    recommended=bool(point.yes("recommended")),
                    recording=one_line(point.text("recording") or part.text("recording")),
                )

    def _stages(self) -> tuple[Stage, ...]:
        nodes = listed(self.root.node.get("stages"))
        return tuple(self._stage(node, place) for place, node in enumerate(nodes))

    def _stage(self, node: Node, place: int) -> Stage:
        kind, reached = (StageKind.PERSON, _LATER) if place else (StageKind.TEAM, _AT_START)
        if not isinstance(node, MappingNode):
            role = one_line(node.text) if isinstance(node, ScalarNode) else ""
            return Stage(f"stage-{place + 1}", role, node.where, kind, reached)
        part = Part(node)
        stage_id = part.text("id") or f"stage-{place + 1}"
        self.problems += half_stage(part)
        self.problems += never_written(part, stage=True)
        promise = stage_promise(part, stage_id, place)
        if promise:
            self.promises.append(promise)
        if part.text("id") or promise or part.text("says"):
            self._clause(part, schema.HEADINGS["stages"], in_words(promise) if promise else "", stage_id)
        return Stage(
            id=stage_id,
            role=one_line(part.text("role")),
            where=part.where,
            kind=part.entry("kind", schema.STAGE_KIND, StageKind) or kind,
            reached=part.entries("reached", schema.REACHED, Reached) or reached,
            optional=bool(part.yes("optional")),
            contact=one_line(part.text("contact")),
        )

    def _closing(self, part: Part | None) -> Closing | None:
        if part is None:
            return None
        self._clause(part, schema.HEADINGS["closing"])
        when = {schema.CLOSING.value(item.text) for item in part.scalars("when")}
        for key in ("notices", "apart"):
            if part.has(key) and schema.SILENCE not in when:
                self._broken(
                    part.where_of(key),
                    "HALF_PROMISE",
                    f"'{key}' stands here, and 'when' does not name silence.",
                    "Notices belong to closing by silence; without it they would never go out.",
                    f"Add '{schema.SILENCE}' to 'when', or leave the line out.",
                )
        return Closing(
            id=part.text("id"),
            where=part.where,
            customer_confirms=not when or schema.CONFIRMS in when,
            silence=schema.SILENCE in when,
            silence_notices=part.count("notices") or 2,
            silence_apart=part.period("apart") or _TEN_DAYS,
        )

    def _dispute(self, part: Part | None) -> DisputeResolution | None:
        if part is None:
            return None
        section = schema.HEADINGS["dispute resolution"]
        self._clause(part, section)
        for key in ("deadlock letter", "scheme", "body", "window", "cannot take", "can do"):
            own = part.part(key)
            if own and own.text("id"):
                self._clause(own, section)
        self._clauses(part.parts("clauses"), section)
        deadlock, letter = _short_or(part, "deadlock letter", "sent")
        window, window_part = _short_or(part, "window", "within")
        cannot, cannot_part = _short_or(part, "cannot take", "list")
        can, can_part = _short_or(part, "can do", "list")
        route = deadlock.entry(letter, schema.SENT, DeadlockRoute) or DeadlockRoute.NOT_STATED
        deadlock_id = deadlock.text("id") if deadlock is not part else ""
        self._deadlock_promise(route, deadlock_id or part.text("id"), part.where_of("deadlock letter"))
        return DisputeResolution(
            id=part.text("id"),
            where=part.where,
            after=part.period("after"),
            after_where=part.where_of("after") if part.period("after") else None,
            deadlock=route,
            deadlock_id=deadlock_id,
            deadlock_where=part.where_of("deadlock letter") if part.has("deadlock letter") else None,
            scheme=self._scheme(part),
            window=window.period(window_part),
            window_id=window.text("id") if window is not part else "",
            window_where=window.where_of(window_part) if window.period(window_part) else None,
            window_without_letter=window.period("without a letter"),
            window_without_letter_where=(
                window.where_of("without a letter") if window.period("without a letter") else None
            ),
            cannot_take=cannot.texts(cannot_part),
            cannot_take_id=cannot.text("id") if cannot is not part else "",
            employees_over=cannot.count("employees over"),
            employees_where=cannot.where_of("employees over") if cannot.has("employees over") else None,
            can_do=can.texts(can_part),
        )

    def _deadlock_promise(self, route: DeadlockRoute, clause: str, where: Where) -> None:
        """A code that speaks of the letter promises it, whether or not the law covers this customer too."""
        if route in (DeadlockRoute.SENT, DeadlockRoute.MENTIONED):
            self.promises.append(Promise(clause, Trigger.DEADLOCK, Owed.ADR_LETTER, where))

    def _scheme(self, part: Part) -> SchemeAsPublished | None:
        if part.has("scheme") and part.has("body"):
            self._broken(
                part.where_of("body"),
                "TWO_SCHEMES",
                "Both 'scheme' and 'body' stand here.",
                "A customer is sent to one place.",
                "Keep 'scheme', or 'body' where the code names a body that is no scheme.",
            )
        key = "scheme" if part.has("scheme") else "body"
        own = part.part(key)
        name = one_line(own.text("name") if own else part.text(key))
        if not name:
            return None
        details = own or _NOTHING
        return SchemeAsPublished(
            id=details.text("id") or part.text("id"),
            name=name,
            where=part.where_of(key),
            name_where=details.where_of("name") if own else part.where_of(key),
            phone=one_line(details.text("phone")),
            fax=one_line(details.text("fax")),
            email=one_line(details.text("email")),
            web=one_line(details.text("web")),
            post=details.lines("post"),
            free=details.yes("free"),
            independent=details.yes("independent"),
        )

    def _redress(self, part: Part) -> Redress:
        self._clause(part, schema.HEADINGS["redress"])
        return Redress(
            id=part.text("id"),
            where=part.where,
            kind=part.entry("kind", schema.REDRESS_KIND, RedressKind),
            automatic=part.yes("automatic"),
            paid_as=one_line(part.text("paid as")),
            amounts=tuple((one_line(item.text), item.where) for item in part.scalars("amounts")),
        )

    def _formats(self, part: Part | None) -> Formats | None:
        if part is None:
            return None
        self._clause(part, schema.HEADINGS["formats"])
        return Formats(part.text("id"), part.where, part.texts("offered"))

    def _data_protection(self, part: Part | None) -> DataProtection | None:
        if part is None:
            return None
        self._clause(part, schema.HEADINGS["data protection"])
        return DataProtection(
            part.text("id"),
            part.where,
            one_line(part.text("complaints to")),
            part.period("acknowledge within"),
        )

    def _copy(self, part: Part | None) -> Part | None:
        if part is not None:
            self._clause(part, schema.HEADINGS["copy"])
            within = part.period("within")
            where = part.where_of("within") if within else None
            self.promises.append(
                Promise(
                    part.text("id"),
                    Trigger.COPY_ASKED,
                    Owed.COPY_OF_CODE,
                    part.where,
                    within,
                    within_where=where,
                )
            )
        return part

    def _review(self, part: Part | None) -> None:
        if part is not None:
            self._clause(part, schema.HEADINGS["review"])

    def _refers_to(self, part: Part) -> tuple[str, str]:
        self._clause(part, schema.HEADINGS["refers to"])
        return one_line(part.text("title")), one_line(part.text("at"))

    def _dates(self) -> None:
        start, end = self.root.day("in force from"), self.root.day("in force until")
        if start and end and end < start:
            self._broken(
                self.root.where_of("in force until"),
                "BAD_DATE",
                f"The code ends on {end}, before it begins on {start}.",
                "It would govern no complaint at all.",
                "Put the two dates in order.",
            )

    def _broken(self, where: Where, rule: str, message: str, why: str, mend: str) -> None:
        self.problems.append(Problem(where, rule, Severity.BROKEN, message, why, mend))


def _points(part: Part, key: str) -> Iterator[tuple[str, Where, Part]]:
    """Each number, address or link under a key, with the section that it stands in, if it has one."""
    node = part.node.get(key)
    if node is None:
        return
    if isinstance(node, ScalarNode) and node.text == NOT_STATED:
        yield "", node.where, _NOTHING
    elif key == "post" and not isinstance(node, MappingNode):
        yield "\n".join(part.lines(key)), node.where, _NOTHING
    else:
        for item in listed(node):
            if isinstance(item, MappingNode):
                yield _point_value(Part(item)), item.where, Part(item)
            elif isinstance(item, ScalarNode):
                yield one_line(item.text), item.where, _NOTHING


def _point_value(point: Part) -> str:
    number = one_line(point.text("number") or point.text("link"))
    return number or "\n".join(point.lines("address"))


def _short_or(part: Part, key: str, inner: str) -> tuple[Part, str]:
    """Where a value that has a short form stands: in a section of its own, or on the line itself."""
    own = part.part(key)
    return (own, inner) if own else (part, key)


_NOTHING = Part(MappingNode((), Where("", 1, 1)))
