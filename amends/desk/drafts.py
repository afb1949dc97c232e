"""The next version of a provider's code while somebody writes it: judged like any other, in force from a day to come.

Nothing of a draft is kept: the text lives in its form until it is adopted. Whoever writes it at the desk writes for their
own provider, under a new name, for complaints of days to come: what began under an older version keeps it (design: Time).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files

from amends import codes
from amends.core.build import build
from amends.core.calendar import london_date
from amends.core.check import judge
from amends.core.code import Code
from amends.core.problems import Problem, Severity, Where, in_file_order
from amends.core.publish.changes import changes
from amends.core.publish.published import Change
from amends.core.schemes import Membership
from amends.core.source import MappingNode, read
from amends.desk.models import AdoptedCode, Provider, SchemeMembership
from amends.desk.providers import Adopted, adopt
from amends.law import law

_OWN_ID, _OWN_NAME = "provider: larkfield\n", "provider name: Larkfield Broadband\n"


@dataclass(frozen=True, slots=True)
class Draft:
    """A text with everything that is wrong with it, and what it changes since the version before it."""

    text: str
    code: Code | None
    problems: tuple[Problem, ...]
    before: Code | None
    changes: tuple[Change, ...]

    @property
    def barred(self) -> bool:
        """Whether it cannot be put in force at all, not even as published."""
        return self.code is None or any(p.severity is Severity.BROKEN for p in self.problems)

    @property
    def faulty(self) -> bool:
        """Whether it is against a rule of its day: it can be taken only as published, with a reason."""
        return any(p.severity is Severity.ERROR for p in self.problems)


def plain(text: str) -> str:
    """The text as it is kept: one kind of line end, whatever a browser made of it."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"


def begin(provider: Provider, position: int | None = None) -> str:
    """The text to begin with: that of a version, else of the one adopted last, else the model code under this name."""
    rows = AdoptedCode.objects.filter(provider=provider).order_by("-position")
    row = rows.filter(position=position).first() if position else rows.first()
    if row is not None:
        return row.text
    model = files(codes).joinpath("example.yaml").read_text("utf-8")
    name = " ".join(provider.name.replace('"', "").split())
    return model.replace(_OWN_ID, f"provider: {provider.pk}\n").replace(
        _OWN_NAME, f'provider name: "{name}"\n'
    )


def draft(provider: Provider, text: str, now: datetime) -> Draft:
    """Judge a text as the provider's next version, on the day from which it is to be in force."""
    text = plain(text)
    named, _ = build(text, "code.yaml")
    file = f"{named.id}.yaml" if named else "code.yaml"
    today = london_date(now)
    on = max(today, named.in_force_from or date.min) if named else today
    memberships = tuple(
        Membership(m.scheme, m.since, m.until)
        for m in SchemeMembership.objects.filter(provider=provider).order_by("since")
    )
    code, found = judge(text, file, law(), on, memberships)
    before = _before(provider, code) if code else None
    if code is not None:
        found = in_file_order([*found, *_as_next(provider, code, text, file, today)])
    return Draft(text, code, found, before, changes(before, code) if before and code else ())


def adopt_draft(
    provider: Provider, text: str, *, why: str, by: str, now: datetime
) -> Adopted | tuple[Problem, ...]:
    """Put the next version in force, with a reason also one against a rule of its day; or what is wrong with it."""
    found = draft(provider, text, now)
    if found.barred or (found.faulty and not why):
        return found.problems
    assert found.code is not None
    file = f"{found.code.id}.yaml"
    return adopt(found.text, file, now=now, by=by, as_published=found.faulty, why=why if found.faulty else "")


def _before(provider: Provider, code: Code) -> Code | None:
    rows = AdoptedCode.objects.filter(provider=provider, code=code.id).order_by("-position")
    row = rows.exclude(fingerprint=code.fingerprint).first()
    return build(row.text, row.code)[0] if row else None


def _as_next(provider: Provider, code: Code, text: str, file: str, today: date) -> Iterator[Problem]:
    """What is wrong with it as the next version of this provider."""
    at = _Places(text, file)
    adopted = AdoptedCode.objects.filter(provider=provider)
    if code.provider != provider.pk:
        yield _problem(
            at["provider"], "ANOTHER_PROVIDER", f"This is a code of “{code.provider}”.",
            "Whoever writes here writes for one provider only.", f"Write 'provider: {provider.pk}'.",
        )  # fmt: skip
    if adopted.filter(code=code.id, version=code.version).exclude(fingerprint=code.fingerprint).exists():
        yield _problem(
            at["version"], "VERSION_TAKEN", f"There is a version “{code.version}” already.",
            "A version is never changed, only followed by another; letters and pages name it.", "Give it a name of its own.",
        )  # fmt: skip
    if adopted.filter(fingerprint=code.fingerprint).exists():
        yield _problem(
            at["code"], "NOTHING_CHANGED", "This very text is adopted already.", "There is nothing to put in force.",
            "Change what the next version is to change.",
        )  # fmt: skip
    elif adopted.exists() and (code.in_force_from is None or code.in_force_from < today):
        said = code.in_force_from.isoformat() if code.in_force_from else "not stated"
        yield _problem(
            at["in force from"], "NOT_TO_COME", f"It is in force from a day that is past: {said}.",
            "A newer version never changes a complaint that began under an older one.",
            f"Write today or a later day, such as 'in force from: {today.day} {today:%B %Y}'.",
        )  # fmt: skip


def _problem(where: Where, rule: str, message: str, why: str, mend: str) -> Problem:
    return Problem(where, rule, Severity.BROKEN, message, why, mend)


class _Places:
    """Where the keys of a file stand; the first line for one that is not there."""

    def __init__(self, text: str, file: str) -> None:
        self._root, self._file = read(text, file)[0], file

    def __getitem__(self, key: str) -> Where:
        found = self._root.key(key) if isinstance(self._root, MappingNode) else None
        return found.where if found else Where(self._file, 1, 1)
