"""The words for a way of reaching the provider, a step of the path and a scheme, wherever they are shown."""

from __future__ import annotations

from amends.core import saying
from amends.core.code import StageKind
from amends.core.opening import Hours, parse_hours
from amends.core.publish.published import ContactShown, SchemeShown, StageShown
from amends.core.publish.ways import PURPOSES

NOT_GIVEN = "Offered, but the document gives none."
"""What stands where a document offers a way of reaching the provider without a number or address."""


def first_capital(text: str) -> str:
    """The text with a capital at its beginning, the rest as it is."""
    return f"{text[:1].upper()}{text[1:]}"


def point_label(point: ContactShown) -> str:
    """What a way of reaching the provider is called: "Phone", "Email, for sales", "Post: Complaints taken further"."""
    word = f"{point.word}: {point.about}" if point.about else point.word
    return word if point.purpose == "complaints" else f"{word}, for {PURPOSES[point.purpose].lower()}"


def point_words(point: ContactShown) -> tuple[str, ...]:
    """What to know before using a way of reaching the provider, a sentence each."""
    words = []
    if point.opening:
        words.append(f"{first_capital(point.opening)}.")
    if point.recommended:
        words.append("The quickest way to an answer.")
    if point.recording:
        words.append(f"{point.recording.rstrip('.')}.")
    return tuple(words)


def step_words(stage: StageShown) -> tuple[str, ...]:
    """What a reader needs to know of a step beside its name, a sentence each."""
    if stage.kind is StageKind.TRADE_BODY:
        words = ["A trade body, and no approved scheme. Going there stops none of the times that run."]
    elif stage.reached:
        words = [f"Your complaint comes here {stage.reached}."]
    else:
        words = ["Every complaint begins here."]
    if stage.optional:
        words.append("You can leave this step out.")
    words += [f"{promise.what} {promise.line}." for promise in stage.promises if promise.line]
    return tuple(words)


def step_contact(stage: StageShown) -> str:
    """How to reach the people of a step."""
    if stage.kind is StageKind.TRADE_BODY:
        return stage.contact
    return stage.contact or "Any of the ways under “How to reach us” leads here too."


def reaching(scheme: SchemeShown) -> tuple[tuple[str, str], ...]:
    """The ways of reaching a scheme: label and value, the post with a line for each line."""
    details = scheme.details
    return (
        ("Website", details.web),
        ("Phone", details.phone),
        *((("Phone answered", _answered(details.hours)),) if details.hours else ()),
        ("Email", details.email),
        ("Post", "\n".join(details.post)),
    )


def _answered(hours: str) -> str:
    read = parse_hours("phone", hours)
    return saying.opening(read) if isinstance(read, Hours) else hours


def decision(scheme: SchemeShown) -> str:
    """What its decision means for the customer and for the provider (AD-07, AD-08, AD-10)."""
    return (
        "You need not accept its decision, and can still go to court. If you accept it, we must do what it says within "
        f"{scheme.carried_out}."
    )
