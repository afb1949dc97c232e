"""The JSON Schema that the data of a published code keep to (docs/publishing.md).

A new key may come; one that is there keeps its meaning, or `FORMAT` counts up.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from amends.core.code import Channel, CustomerKind, Owed, StageKind, Trigger, Unit
from amends.core.publish.published import ChangeKind, Standing

FORMAT = 1
SCHEMA_NAME = "published-code.schema.json"

_TEXT: dict[str, Any] = {"type": "string"}
_YES_NO: dict[str, Any] = {"type": "boolean"}
_DAY: dict[str, Any] = {"type": "string", "format": "date"}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `as_json`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A published code of practice",
        **_object(
            format=_told({"const": FORMAT}, "The version of this format."),
            code=_told(_TEXT, "The short name of the code."),
            provider=_told(_TEXT, "The short name of the provider."),
            provider_name=_TEXT,
            title=_TEXT,
            kind=_TEXT,
            version=_told(_TEXT, "The version, as the code names itself."),
            fingerprint=_told(_TEXT, "SHA-256 of the code's file: the same fingerprint is the same version."),
            as_of=_told(_DAY, "The London date whose law stands beside the clauses."),
            in_force=_object(**{"from": _or_null(_DAY)}, until=_or_null(_DAY), standing=_one_of(Standing)),
            nation=_told(_TEXT, "Whose bank holidays hold."),
            serves=_told(_list(_one_of(CustomerKind)), "Empty where the code does not say."),
            note=_told(_TEXT, "How the file came about; empty for a provider's own."),
            contacts=_list(_ref("contact")),
            sections=_list(_object(title=_TEXT, clauses=_list(_ref("clause")))),
            stages=_list(_ref("stage")),
            dispute_resolution=_told(
                _or_null(_ref("right")), "By the law of the day; null where it is not known."
            ),
            copies=_object(free=_YES_NO, offered=_list(_TEXT), within=_TEXT),
            refers_to=_list(_object(title=_TEXT, at=_TEXT)),
            changes=_told(
                _or_null(_object(since=_TEXT, changes=_list(_ref("change")))), "Null for a first version."
            ),
        ),
        "$defs": _definitions(),
    }


def _definitions() -> dict[str, Any]:
    return {
        "contact": _object(
            clause=_TEXT,
            channel=_one_of(Channel),
            value=_told(_TEXT, "Empty where the document offers the way and gives none."),
            purpose=_TEXT,
            about=_told(_TEXT, "The heading that the code gives it; usually empty."),
            hours=_or_null(
                _object(
                    words=_TEXT,
                    week=_told(
                        _list(_list(_list(_TEXT))),
                        "Monday first; each day its windows, 24-hour clock, London.",
                    ),
                    bank_holidays={"enum": ["closed", "open", "unsaid"]},
                )
            ),
            recommended=_YES_NO,
            recording=_TEXT,
        ),
        "clause": _object(
            id=_TEXT,
            heading=_TEXT,
            says=_TEXT,
            not_stated=_told(_TEXT, "Why the document leaves it empty."),
            promises=_list(_ref("promise")),
            applies_today=_told(
                _list(_object(text=_TEXT, rules=_list(_TEXT))), "Where the law has overtaken its words."
            ),
        ),
        "promise": _object(
            when=_one_of(Trigger),
            owe=_one_of(Owed),
            period=_or_null(_object(amount={"type": "integer"}, unit=_one_of(Unit))),
            repeats=_YES_NO,
            overtaken=_told(_YES_NO, "Whether the law gives the customer an earlier day."),
            words=_TEXT,
        ),
        "stage": _object(
            id=_TEXT,
            role=_TEXT,
            kind=_one_of(StageKind),
            optional=_YES_NO,
            contact=_TEXT,
            promises=_list(_ref("promise")),
        ),
        "right": _object(
            after=_told(_TEXT, "How long after first receipt."),
            received_from=_told(_or_null(_DAY), "The first day of receipt to which that length applies."),
            received_before=_told(_TEXT, "The length for complaints from before, while one can still run."),
            window_months=_or_null({"type": "integer"}),
            own_scheme_known=_YES_NO,
            stated_in_code=_YES_NO,
            rules=_list(_TEXT),
            schemes=_list(_ref("scheme")),
        ),
        "scheme": _object(
            id=_TEXT,
            name=_TEXT,
            phone=_TEXT,
            email=_TEXT,
            web=_TEXT,
            post=_list(_TEXT),
            hours=_or_null(_TEXT),
            free=_YES_NO,
            can_do=_list(_TEXT),
            cannot_take=_list(_TEXT),
            decision_carried_out_within=_TEXT,
            named_in_code=_YES_NO,
        ),
        "change": _object(kind=_one_of(ChangeKind), about=_TEXT, clause=_TEXT, before=_TEXT, now=_TEXT),
    }


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _or_null(of: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [of, {"type": "null"}]}


def _one_of(entries: type[StrEnum]) -> dict[str, Any]:
    return {"enum": [str(entry) for entry in entries]}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _told(of: dict[str, Any], means: str) -> dict[str, Any]:
    return {"description": means, **of}
