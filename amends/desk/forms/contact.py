"""The one screen of a call: who it is, what they said, was it a complaint, is it settled or planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core.calendar import in_london, london_date
from amends.core.saying import moment
from amends.desk.actions import Actor, NewContact
from amends.desk.forms.deciding import COMPLAINT_OR_NOT
from amends.desk.forms.fields import Files, House, Receipt, Words, london, needed
from amends.desk.forms.keeping import KINDS_SAID, PREFERS_SAID
from amends.desk.search import Result

CHANNELS = (
    ("phone", _("Phone")), ("letter", _("Letter")), ("form", _("Web form")), ("fax", _("Fax")), ("webchat", _("Webchat")),
    ("email", _("Email that came another way")),
)  # fmt: skip
NEW = "new"
OF_BOOK = "book:"
"""Before the number of a customer of the book whose new case it is to be."""
CHECKED = ("yes", "no")
LONGEST_CALL = timedelta(hours=3)
"""A call that began longer ago was written down later: how long it took is then what somebody says."""


class ContactForm(House):
    """A call, letter, fax or form, on one screen."""

    reference = forms.CharField(widget=forms.HiddenInput, required=False)
    appointment = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    """The agreed contact time from which a call was begun: the call settles it."""
    direction = forms.ChoiceField(
        label=_("Who called?"), required=False, widget=forms.RadioSelect, initial="in",
        choices=[("in", _("They got in touch with us")), ("out", _("We called them"))],
    )  # fmt: skip
    purpose = forms.ChoiceField(
        label=_("What was our call for?"), required=False, initial="update",
        choices=[
            ("update", _("To tell how the complaint stands")), ("reply", _("To answer in substance")),
            ("call back", _("To call back as promised")), ("information", _("To ask or tell something else")),
        ],
    )  # fmt: skip
    reached = forms.ChoiceField(
        label=_("Did you reach them?"), required=False, widget=forms.RadioSelect, initial="yes",
        choices=[("yes", _("Yes, we spoke")), ("no", _("No answer, or a voicemail"))],
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("How many minutes did the call take?"), required=False, min_value=1, max_value=600,
        help_text=_("Empty: from when it began until you save."),
        widget=forms.NumberInput(attrs={"class": "short-box"}),
    )  # fmt: skip
    find = forms.CharField(
        label=_("Find the customer"), required=False, max_length=200,
        help_text=_("By number, postcode, account, reference, email or name. Nothing typed below is lost."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "type": "search", "accesskey": "k", "autofocus": True, "data-find": ""}
        ),
    )  # fmt: skip
    about = forms.ChoiceField(label=_("Which case is it about?"), required=False, widget=forms.RadioSelect)

    channel = forms.ChoiceField(label=_("How did they make contact?"), choices=CHANNELS, initial="phone")
    received = Receipt(label=_("When did it reach us?"), error_messages=needed(_("Give the date and time.")))
    effective = Receipt(
        label=_("Does it count from an earlier time?"), required=False,
        help_text=_("Only where we had it before: a letter in the post room, a call noted the next day."),
    )  # fmt: skip
    backdated_why = forms.CharField(
        label=_("Why only now, or why from earlier"), required=False, max_length=500
    )

    identity = forms.ChoiceField(
        label=_("Have you checked who they are?"), required=False, initial="none", widget=forms.RadioSelect,
        choices=[("none", _("Not yet, or not needed")), ("yes", _("Yes, they passed")), ("no", _("Yes, they did not pass"))],
    )  # fmt: skip
    identity_how = forms.CharField(
        label=_("What was asked"), required=False, max_length=300, help_text=_("Never the answers."),
        widget=forms.TextInput(attrs={"list": "identity-ways", "accesskey": "i", "autocomplete": "off"}),
    )  # fmt: skip

    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    email = forms.EmailField(label=_("Email"), required=False, max_length=320)
    address = forms.CharField(
        label=_("Postal address"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )  # fmt: skip
    account = forms.CharField(label=_("Account"), required=False, max_length=100)
    customer_kind = forms.ChoiceField(label=_("Who they are"), required=False, choices=KINDS_SAID)
    prefers = forms.ChoiceField(label=_("How they want replies"), required=False, choices=PREFERS_SAID)

    subject = forms.CharField(label=_("In a few words"), required=False, max_length=200)
    words = Words(
        label=_("In their own words"), rows=6, error_messages=needed(_("Write what they said.")),
        widget=forms.Textarea(attrs={"rows": 6, "accesskey": "w"}),
    )  # fmt: skip
    enclosed = Files(label=_("Scans or photos of a letter or fax, and what came with it"))
    complaint = forms.ChoiceField(
        label=_("Was this a complaint?"), widget=forms.RadioSelect, required=False,
        choices=[*COMPLAINT_OR_NOT, ("later", _("I cannot say yet: it counts as one until somebody decides"))],
    )  # fmt: skip
    why_not = forms.CharField(label=_("Why it was none"), required=False, max_length=500)

    ends = forms.ChoiceField(
        label=_("How does it go on?"), widget=forms.RadioSelect, initial="open",
        choices=[
            ("open", _("We look into it")),
            ("time", _("We agreed a time to speak again")),
            ("settled", _("It was settled now: the customer said so")),
        ],
    )  # fmt: skip
    settled_words = Words(
        label=_("How it was settled, in the customer’s words"), rows=3, required=False,
    )  # fmt: skip
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    until = forms.TimeField(
        label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    number = forms.CharField(
        label=_("On which number"), required=False, max_length=60, help_text=_("Empty: the one that is known."),
        widget=forms.TextInput(attrs={"class": "short-box"}),
    )  # fmt: skip
    person = forms.ChoiceField(label=_("Who calls"), required=False)
    plan = Words(
        label=_("What we agreed"), rows=3, required=False,
        help_text=_("What happens until then. It stands in the letter that confirms the time."),
    )  # fmt: skip
    take = forms.BooleanField(label=_("I take the case myself"), required=False)

    def __init__(  # noqa: PLR0913 - what the screen knows already, each by its own name
        self,
        data: Any = None,
        files: Any = None,
        *,
        now: datetime,
        results: list[Result],
        definition: str,
        chosen: str = "",
        reference: str = "",
        book: Sequence[tuple[int, str]] = (),
        colleagues: Sequence[Actor] = (),
        me: str = "",
        appointment: str = "",
    ) -> None:
        """`book` are the customers of the book who fit what was said, by their numbers; the first is chosen."""
        about_first = chosen or (f"{OF_BOOK}{book[0][0]}" if len(book) == 1 and not results else NEW)
        begun = {
            "received": now,
            "about": about_first,
            "reference": reference,
            "appointment": appointment,
            "direction": "out" if appointment else "in",
        }
        super().__init__(data, files, initial=begun)
        self.now = now
        who = self.fields["person"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(c.id, c.name) for c in sorted(colleagues, key=lambda c: c.id != me)]
        self.fields["complaint"].help_text = _("R-01: %(says)s In doubt it is one.") % {"says": definition}
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        known = [
            (r.reference, f"{r.name or _('No name')}, {r.area or _('no postcode')}, {r.reference}")
            for r in results
        ]
        if chosen and chosen not in dict(known):
            known.append((chosen, chosen))
        new_for = (
            [(f"{NEW}:{chosen}", _("Something new from the customer of %(case)s") % {"case": chosen})]
            if chosen
            else []
        )
        of_book = [
            (f"{OF_BOOK}{number}", _("A new case of %(who)s, from the customers’ book") % {"who": words})
            for number, words in book
        ]
        about.choices = [*known, *new_for, *of_book, (NEW, _("A customer we have no case of"))]

    def clean(self) -> dict[str, Any]:
        """What belongs together is there together."""
        said: dict[str, Any] = super().clean() or {}
        self._times(said)
        if said.get("direction") == "out":
            self._of_ours(said)
        elif not said.get("complaint"):
            self.add_error("complaint", ValidationError(_("Say whether it was a complaint.")))
        for box, wanted, when in (
            ("identity_how", said.get("identity") in CHECKED, _("Write what was asked.")),
            (
                "why_not",
                said.get("complaint") == "no",
                _("Write why: nothing was wrong in their eyes, or no answer was expected."),
            ),
            ("settled_words", said.get("ends") == "settled", _("Write down what the customer said.")),
        ):
            if wanted and not said.get(box, "").strip():
                self.add_error(box, ValidationError(when))
        if said.get("ends") == "time":
            self._window(said)
        return said

    def _of_ours(self, said: dict[str, Any]) -> None:
        """A call of ours is about a case that is there, and by phone."""
        if said.get("channel") != "phone":
            self.add_error(
                "channel", ValidationError(_("What we write is sent from the case; here we call."))
            )
        if ":" in (about := said.get("about", "")) or about in ("", NEW):
            self.add_error("about", ValidationError(_("Choose the case that we called about.")))
        if said.get("complaint") in ("no", "later"):
            said["complaint"] = ""

    @property
    def ours(self) -> bool:
        """Whether we called them."""
        return bool(self.cleaned_data.get("direction") == "out")

    @property
    def spoke(self) -> bool:
        """Whether somebody was spoken with: whoever calls us is."""
        return not self.ours or self.cleaned_data.get("reached") != "no"

    def ended(self, now: datetime) -> datetime | None:
        """When the call was over; None where nobody said, and it began longer ago than a call lasts."""
        began: datetime = self.cleaned_data["received"]
        minutes = self.cleaned_data.get("minutes")
        if minutes:
            return min(now, began + timedelta(minutes=minutes))
        return now if now - began <= LONGEST_CALL else None

    def _times(self, said: dict[str, Any]) -> None:
        received, effective = said.get("received"), said.get("effective")
        # A clock shows whole minutes: what was typed as "now" may lie seconds ahead.
        if received and received > self.now:
            if in_london(received).replace(second=0) > in_london(self.now):
                self.add_error(
                    "received",
                    ValidationError(_("That is still to come: it is %(now)s.") % {"now": moment(self.now)}),
                )
            said["received"] = min(received, self.now)
        if effective and received and effective > received:
            self.add_error("effective", ValidationError(_("An earlier time is needed here, or none.")))
        if said.get("backdated_why", "").strip():
            return
        if effective:
            self.add_error(
                "backdated_why", ValidationError(_("Counting from an earlier time needs a reason."))
            )
        elif received and london_date(received) < london_date(self.now):
            self.add_error(
                "backdated_why",
                ValidationError(_("It reached us on an earlier day: say why it is written down only now.")),
            )

    def _window(self, said: dict[str, Any]) -> None:
        day, starts, until = said.get("day"), said.get("starts"), said.get("until")
        if not (day and starts and until):
            self.add_error("day", ValidationError(_("Give the day, and from when until when we will call.")))
            return
        try:
            said["from"], said["to"] = london(day, starts), london(day, until)
        except ValidationError as gap:
            self.add_error("starts", gap)

    def contact(self) -> NewContact:
        """What was said, with its times."""
        said = self.cleaned_data
        waits = said["ends"] != "settled" and not self.ours
        return NewContact(
            channel=said["channel"], received=said["received"], words=said["words"], subject=said["subject"],
            effective=said["effective"], backdated_why=said["backdated_why"], asks_answer=waits,
            files=said["enclosed"],
        )  # fmt: skip
