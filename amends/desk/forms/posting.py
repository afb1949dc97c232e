"""Forms about the post: letters that were posted on a day, that came back, that are proved, that go again another way."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from amends.core.calendar import london_date
from amends.core.case import SentLetter
from amends.core.duties import NEEDED_BY_LAW
from amends.core.may import Refusal
from amends.core.saying import day, moment
from amends.core.ways import LETTER, ways
from amends.desk import actions
from amends.desk.actions import RETURNED_BECAUSE, Actor
from amends.desk.attachment import file_name
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import House, needed
from amends.desk.forms.keeping import LETTER_NAMES
from amends.desk.freeze import CAME_TO_NOTHING
from amends.desk.models import Upload
from amends.desk.story import proof_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.desk.record import CaseInHand, Docket

PICTURE_BYTES: Final = 5 * 1024 * 1024
_PICTURES: Final = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"%PDF-": "application/pdf",
}
"""How files begin that may prove a posting: what a telephone or a scanner makes."""


def day_box(**more: Any) -> forms.DateField:
    """A box for a London date."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class Posted(House):
    """Letters that were posted together on one day."""

    on = day_box(label=_("Posted on"), error_messages=needed(_("Give the day on which they were posted.")))
    certificate = forms.CharField(
        label=_("Number of the certificate of posting"), required=False, max_length=60,
        help_text=_("It is kept with each letter that is ticked. A picture is added on the case."),
    )  # fmt: skip
    keys = forms.MultipleChoiceField(
        label=_("Letters"), widget=forms.CheckboxSelectMultiple,
        error_messages=needed(_("Tick the letters that were posted.")),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, keys: list[str], today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.today = today
        field = self.fields["keys"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, key) for key in keys]

    def clean_on(self) -> date:
        """A day that is not to come."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError(_("That day is still to come. Give the day on which they were posted."))
        return on


def _choose(form: CaseForm, letters: list[SentLetter], say: Callable[[SentLetter], str]) -> None:
    field = form.fields["key"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(x.key, say(x)) for x in reversed(letters)]
    if len(letters) == 1:
        field.initial = letters[0].key


def _named(letter: SentLetter) -> str:
    return f"{LETTER_NAMES.get(letter.letter, letter.letter)}, {moment(letter.decided)}"


def _said(letter: SentLetter) -> str:
    became = f"{letter.fate} {day(london_date(letter.fate_at))}" if letter.fate_at else str(_("waits"))
    return f"{_named(letter)}: {became}"


def _posted(matter: Matter) -> list[SentLetter]:
    return [x for x in matter.case.letters if x.channel == LETTER and x.fate == "posted"]


class CameBack(CaseForm):
    """A letter that the post brought back."""

    slug, label, group = "came-back", _("A letter came back by post"), Group.KEEP
    intro = _(
        "An acknowledgement or an ADR letter goes another way at once, where one is known. "
        "Otherwise a way to reach the customer is owed, and an alarm stands until there is one."
    )
    button, done = _("It came back"), _("The letter is recorded as returned.")

    key = forms.ChoiceField(
        label=_("Which letter"), widget=forms.RadioSelect, error_messages=needed(_("Choose the letter."))
    )
    reason = forms.ChoiceField(
        label=_("What the post wrote on it"), widget=forms.RadioSelect,
        choices=[(r, r.capitalize()) for r in RETURNED_BECAUSE],
        error_messages=needed(_("Say what the post wrote on it.")),
    )  # fmt: skip
    on = day_box(
        label=_("When it came back"), error_messages=needed(_("Give the day on which it came back."))
    )
    words = forms.CharField(label=_("More about it"), required=False, max_length=300)

    def prepare(self, matter: Matter) -> None:
        """What has been posted."""
        _choose(self, _posted(matter), _said)
        self.fields["on"].initial = london_date(matter.now)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Something must have been posted; closed cases too, for post is slow."""
        if _posted(matter):
            return None
        return Refusal("No letter of this case has been posted", "A-evidence", "Look at its story.")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Record it."""
        said = self.cleaned_data
        return actions.returned(
            hand, by, now, key=said["key"], reason=said["reason"], words=said["words"], on=said["on"]
        )


class ProvePosting(CaseForm):
    """Proof that a letter was handed to the post."""

    slug, label, group = "prove-posting", _("Keep proof of posting"), Group.KEEP
    button, done = _("Keep the proof"), _("The proof of posting stands on the case.")

    key = forms.ChoiceField(
        label=_("Which letter"), widget=forms.RadioSelect, error_messages=needed(_("Choose the letter."))
    )
    certificate = forms.CharField(
        label=_("Number of the certificate"), required=False, max_length=60,
        help_text=_("As it stands on the post office’s receipt."),
    )  # fmt: skip
    picture = forms.FileField(
        label=_("A picture of it"), required=False, max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,application/pdf"}),
        help_text=_("PNG, JPEG or PDF, up to 5 MB. It should show this letter alone: it stands on this customer’s case."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """What has been posted."""
        _choose(self, _posted(matter), _said)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Something must have been posted."""
        return CameBack.refused(matter)

    def clean_picture(self) -> UploadedFile[bytes] | None:
        """A picture by its first bytes, whatever it is called."""
        file: UploadedFile[bytes] | None = self.cleaned_data["picture"]
        if file is None:
            return None
        if file.size is None or file.size > PICTURE_BYTES:
            raise ValidationError(_("The picture is larger than 5 MB. Make a smaller one."))
        if not _content(file).startswith(tuple(_PICTURES)):
            raise ValidationError(_("That is no PNG, JPEG or PDF. Take a picture of the receipt."))
        return file

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and not said.get("certificate") and not said.get("picture"):
            self.add_error("certificate", _("Give the number, or a picture of the receipt."))
        return said

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Keep it: the number in the fact, the picture beside the case."""
        said, file = self.cleaned_data, self.cleaned_data["picture"]
        content = _content(file)
        digest = hashlib.sha256(content).hexdigest() if content else ""
        refusal = actions.prove_posting(
            hand, by, now, key=said["key"], certificate=said["certificate"], file=digest
        )
        if refusal is None and content:
            kind = next(media for begin, media in _PICTURES.items() if content.startswith(begin))
            docket.along(
                Upload(
                    provider=hand.provider, case=hand.row, contact=proof_of(said["key"], digest), media_type=kind,
                    name=file_name(file.name or "", kind, 1), content=content, sha256=digest, at=now,
                ).save
            )  # fmt: skip
        return refusal


def _content(file: UploadedFile[bytes] | None) -> bytes:
    if file is None:
        return b""
    file.seek(0)
    return bytes(file.read())


class SendAgain(CaseForm):
    """The same words once more, another way."""

    slug, label, group = "send-again", _("Send a lost letter another way"), Group.TALK
    writes = True
    intro = _("The words stay as they were written. The customer is reached the best way that is left.")
    button, done = _("Send it again"), _("The letter goes again, another way.")

    key = forms.ChoiceField(
        label=_("Which letter"), widget=forms.RadioSelect, error_messages=needed(_("Choose the letter."))
    )

    def prepare(self, matter: Matter) -> None:
        """What was lost and can go another way."""
        _choose(
            self, _lost(matter),
            lambda x: f"{_named(x)}, by {x.channel}: {x.fate}. Goes by {ways(matter.case, x.letter)[0].channel}",
        )  # fmt: skip

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Something must have been lost for which there is another way."""
        if _lost(matter):
            return None
        return Refusal(
            "No letter is lost that could go another way", "A-evidence",
            "Letters of the law go another way by themselves; for others, add an address first.",
        )  # fmt: skip

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Send it."""
        return actions.send_again(docket, hand, by, now, key=self.cleaned_data["key"])


def _lost(matter: Matter) -> list[SentLetter]:
    replaced = {x.instead_of for x in matter.case.letters if not x.lost}
    return [
        x
        for x in matter.case.letters
        if x.fate in CAME_TO_NOTHING
        and x.letter not in NEEDED_BY_LAW
        and x.key not in replaced
        and ways(matter.case, x.letter)
    ]
