"""A complaint in small steps: one question a page, each with the boxes that answer it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amends.desk.forms.fields import House, Words, needed
from amends.desk.forms.formats import FORMATS_SAID, USUAL
from amends.desk.forms.portal import WAY_NEEDS, Complain

FILES: Final = "files"
"""The step whose boxes are files: they are kept as they come, beside the answers."""


@dataclass(frozen=True, slots=True)
class Question:
    """One page: what is asked, and the boxes in which it is answered."""

    slug: str
    asks: Promise
    boxes: tuple[str, ...]
    hint: Promise | str = ""
    short: Promise | str = ""
    """How the answers are headed when they are read over; where it is empty, as they were asked for."""


QUESTIONS: Final = (
    Question("what", _("What has gone wrong?"), ("words",)),
    Question("wish", _("What would put it right?"), ("wish",), short=_("What would put it right")),
    Question(FILES, _("Have you photos, letters or bills that show it?"), ("enclosed",), short=_("Your files")),
    Question("name", _("What is your name?"), ("name",), short=_("Your name")),
    Question("answer", _("How shall we answer you?"), ("prefers",), short=_("How we answer you")),
    Question(
        "reach", _("Where can we reach you?"), ("email", "address", "phone"),
        _("The first box is for the way that you chose. You can leave the others empty."),
    ),
    Question(
        "format", _("Do you need our letters in another form?"), ("wanted", "agree", "help"),
        _("Large print, Braille and the other forms are free."),
    ),
    Question(
        "service", _("Is this your service at home, or at work?"), ("customer_kind",), short=_("At home, or at work")
    ),
    Question(
        "data", _("Is it also about your personal information?"), ("about_data",),
        short=_("About your personal information"),
    ),
    Question("account", _("What is your account number?"), ("account",), short=_("Your account number")),
)  # fmt: skip
BY_SLUG: Final = {question.slug: question for question in QUESTIONS}


class Form(House):
    """What somebody needs of our letters, and what would help them besides."""

    wanted = forms.ChoiceField(
        label=_("Form of our letters"), widget=forms.RadioSelect, initial=USUAL,
        choices=[(USUAL, _("No. Write to me as usual")), *FORMATS_SAID], error_messages=needed(_("Choose one.")),
    )  # fmt: skip
    agree = forms.BooleanField(
        label=_("You may keep a note of this, to write to me in this way about everything"), required=False
    )
    help = Words(
        label=_("Is there anything else that would make this easier for you?"), rows=3, required=False, max_length=2000,
        help_text=_("Such as a call in the evening, or somebody who speaks for you. You can leave this empty."),
    )  # fmt: skip


class AtOnce(Complain, Form):
    """Every question on one page, with the same boxes as one page for each."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        # A page that was opened before it asked this says nothing of it.
        self.fields["wanted"].required = False
        self.fields["wanted"].label = str(BY_SLUG["format"].asks)

    def clean(self) -> dict[str, Any]:
        """The way that was chosen needs its address, and a format its writer's word."""
        said = super().clean()
        _needs_word(self, said)
        said["wanted"] = said.get("wanted") or USUAL
        return said

    @property
    def story(self) -> str:
        """What went wrong, what would put it right, and what would make it easier, as one text."""
        helps = str(self.cleaned_data["help"]).strip()
        if not helps:
            return super().story
        easier = _("What would make it easier for me: %(words)s") % {"words": helps}
        return f"{super().story}\n\n{easier}"


def _needs_word(form: House, said: Mapping[str, Any]) -> None:
    """What tells of somebody's health is kept with their word alone (C5-01)."""
    if (said.get("wanted") or USUAL) != USUAL and not said.get("agree"):
        form.add_error("agree", ValidationError(_("Tick this: we need your word to keep a note of it.")))


_BOXES: Final[Mapping[str, forms.Field]] = AtOnce.base_fields


class Answer(House):
    """The boxes of one question. `before` is what was answered so far."""

    def __init__(
        self, question: Question, before: Mapping[str, Any], data: Any = None, files: Any = None
    ) -> None:
        super().__init__(
            data, files, initial={box: before.get(box) for box in question.boxes if box in before}
        )
        self.question = question
        box_of_way, else_say = WAY_NEEDS.get(str(before.get("prefers", "")), ("", ""))
        for box in sorted(question.boxes, key=lambda box: box != box_of_way):
            self.fields[box] = deepcopy(_BOXES[box])
            if box == box_of_way:
                self.fields[box].required = True
                self.fields[box].error_messages["required"] = else_say

    @property
    def alone(self) -> forms.BoundField | None:
        """The one box that answers the question, and stands under it as its label."""
        return self[self.question.boxes[0]] if len(self.question.boxes) == 1 else None

    def clean(self) -> dict[str, Any]:
        """A format needs its reader's word."""
        said: dict[str, Any] = super().clean() or {}
        if self.question.slug == "format":
            _needs_word(self, said)
        return said


@dataclass(frozen=True, slots=True)
class Read:
    """One answer as it is read over before it is sent."""

    heading: str
    words: str
    slug: str


def read_over(said: Mapping[str, Any]) -> list[Read]:
    """Every answer but the files, in the order of the questions; what was left empty says so."""
    rows: list[Read] = []
    for question in QUESTIONS:
        if question.slug == FILES:
            continue
        for box in question.boxes:
            words = _words(box, said.get(box))
            if box == "agree" or (not words and len(question.boxes) > 1):
                continue
            heading = question.short or (question.asks if len(question.boxes) == 1 else _BOXES[box].label)
            rows.append(Read(str(heading), words, question.slug))
    return rows


def _words(box: str, value: Any) -> str:
    field = _BOXES[box]
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, ""))  # type: ignore[arg-type] # ours are all flat pairs
    return str(value or "").strip()


def missing(said: Mapping[str, Any]) -> Question | None:
    """The first question that needs an answer and has none."""
    for question in QUESTIONS:
        if question.slug == FILES:
            continue
        if not Answer(question, said, {box: said.get(box, "") for box in question.boxes}).is_valid():
            return question
    return None


def whole(said: Mapping[str, Any]) -> AtOnce:
    """All answers as the one form that a complaint is made of, valid where nothing is missing."""
    return AtOnce({box: said.get(box, "") for box in AtOnce.base_fields if box != "enclosed"})
