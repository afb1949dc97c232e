"""The published code as data for other programs (docs/publishing.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

from amends.core.code import Period
from amends.core.letters.blocks import clean
from amends.core.opening import Hours
from amends.core.opening_words import shown
from amends.core.publish.json_schema import FORMAT
from amends.core.publish.published import (
    AppliesToday,
    Change,
    ClauseShown,
    ContactShown,
    Promised,
    PublishedCode,
    Right,
    SchemeShown,
    StageShown,
)


def as_json(code: PublishedCode) -> dict[str, Any]:
    """The published code as plain values; every text is cleaned of what could mislead a reader."""
    return {
        "format": FORMAT,
        "code": code.code,
        "provider": code.provider,
        "provider_name": clean(code.provider_name),
        "title": clean(code.title),
        "kind": code.kind,
        "version": clean(code.version),
        "fingerprint": code.fingerprint,
        "as_of": code.as_of.isoformat(),
        "in_force": {
            "from": _day(code.in_force_from),
            "until": _day(code.in_force_until),
            "standing": str(code.standing),
        },
        "nation": code.nation,
        "serves": [str(kind) for kind in code.serves],
        "note": clean(code.note),
        "contacts": [_contact(point) for point in code.contacts],
        "sections": [
            {"title": clean(section.title), "clauses": [_clause(clause) for clause in section.clauses]}
            for section in code.sections
        ],
        "stages": [_stage(stage) for stage in code.stages],
        "dispute_resolution": _right(code.right) if code.right else None,
        "copies": {
            "free": True,
            "offered": [clean(form) for form in code.copies.offered],
            "within": code.copies.within,
        },
        "refers_to": [{"title": clean(title), "at": clean(place)} for title, place in code.refers_to],
        "changes": {
            "since": clean(code.since.version),
            "changes": [_change(change) for change in code.since.changes],
        }
        if code.since
        else None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _contact(point: ContactShown) -> dict[str, Any]:
    return {
        "clause": point.clause,
        "channel": str(point.channel),
        "value": clean(point.value),
        "purpose": point.purpose,
        "about": clean(point.about),
        "hours": _hours(point.hours, point.opening) if point.hours else None,
        "recommended": point.recommended,
        "recording": clean(point.recording),
    }


def _hours(hours: Hours, words: str) -> dict[str, Any]:
    return {
        "words": words,
        "week": [[[shown(start), shown(end)] for start, end in day] for day in hours.week],
        "bank_holidays": hours.bank_holidays,
    }


def _clause(clause: ClauseShown) -> dict[str, Any]:
    return {
        "id": clause.id,
        "heading": clean(clause.heading),
        "says": clean(clause.says),
        "not_stated": clean(clause.unknown),
        "promises": [_promise(promise) for promise in clause.promises],
        "applies_today": [_today(note) for note in clause.today],
    }


def _promise(promise: Promised) -> dict[str, Any]:
    return {
        "when": str(promise.when),
        "owe": str(promise.owe),
        "period": _period(promise.period) if promise.period else None,
        "repeats": promise.repeats,
        "overtaken": promise.overtaken,
        "words": f"{promise.what} {promise.line}".strip(),
    }


def _period(period: Period) -> dict[str, Any]:
    return {"amount": period.amount, "unit": str(period.unit)}


def _today(note: AppliesToday) -> dict[str, Any]:
    return {"text": clean(note.text), "rules": list(note.rules)}


def _stage(stage: StageShown) -> dict[str, Any]:
    return {
        "id": stage.id,
        "role": clean(stage.role),
        "kind": str(stage.kind),
        "optional": stage.optional,
        "contact": clean(stage.contact),
        "promises": [_promise(promise) for promise in stage.promises],
    }


def _right(right: Right) -> dict[str, Any]:
    return {
        "after": right.after,
        "received_from": _day(right.since),
        "received_before": right.before,
        "window_months": right.window_months,
        "own_scheme_known": right.own,
        "stated_in_code": right.stated,
        "rules": list(right.rules),
        "schemes": [_scheme(scheme) for scheme in right.schemes],
    }


def _scheme(scheme: SchemeShown) -> dict[str, Any]:
    details = scheme.details
    return {
        "id": details.scheme,
        "name": details.name,
        "phone": details.phone,
        "email": details.email,
        "web": details.web,
        "post": list(details.post),
        "hours": details.hours,
        "free": details.free,
        "can_do": list(details.can_do),
        "cannot_take": list(details.cannot_take),
        "decision_carried_out_within": scheme.carried_out,
        "named_in_code": scheme.in_this_code,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": str(change.kind),
        "about": clean(change.about),
        "clause": change.clause,
        "before": clean(change.before),
        "now": clean(change.now),
    }
