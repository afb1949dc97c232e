"""The forms of the portal: to complain, to follow a case, to write, to answer. Plain words, nothing twice."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core.code import CustomerKind
from amends.desk.forms.fields import Files, House, Words, needed
from amends.desk.forms.formats import FORMATS_SAID, USUAL

WAY_NEEDS: Final = {
    "email": ("email", _("Give your email address, so that we can answer.")),
    "letter": ("address", _("Give your postal address, so that we can answer.")),
    "phone": ("phone", _("Give your phone number, so that we can call.")),
}
"""The box that each way of reply needs, and what is said where it is empty."""


class Complain(House):
    """A complaint, on one calm page."""

    which = forms.CharField(widget=forms.HiddenInput, required=False)
    """Which form it is, signed: sent twice by the browser that asked for it, it is one complaint."""
    words = Words(
        label=_("What has gone wrong?"), rows=8, error_messages=needed(_("Tell us what has gone wrong.")),
        help_text=_("Tell it in your own words. Dates and names help us."),
    )  # fmt: skip
    wish = Words(label=_("What would put it right?"), rows=3, required=False, help_text=_("If you know."))
    enclosed = Files(label=_("Photos, letters or bills that show it"))
    name = forms.CharField(
        label=_("Your name"), max_length=200, error_messages=needed(_("Tell us your name.")),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    prefers = forms.ChoiceField(
        label=_("How shall we answer you?"), widget=forms.RadioSelect,
        error_messages=needed(_("Choose how we shall answer.")),
        choices=[("email", _("By email")), ("letter", _("By letter in the post")), ("phone", _("By phone"))],
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Your email address"), required=False, max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )  # fmt: skip
    address = forms.CharField(
        label=_("Your postal address"), required=False, max_length=1000, help_text=_("With the postcode."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "short", "autocomplete": "street-address"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Your phone number"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "short-box"}),
    )  # fmt: skip
    account = forms.CharField(
        label=_("Your account number"), required=False, max_length=100,
        help_text=_("It is on your bill. You can leave this empty."), widget=forms.TextInput(attrs={"class": "short-box"}),
    )  # fmt: skip
    customer_kind = forms.ChoiceField(
        label=_("Is this your service at home, or at work?"), required=False, widget=forms.RadioSelect,
        choices=[
            (str(CustomerKind.RESIDENTIAL), _("At home")),
            (str(CustomerKind.SMALL_BUSINESS), _("A business where up to 10 people work")),
            (str(CustomerKind.NOT_FOR_PROFIT), _("A charity or club")),
            (str(CustomerKind.LARGER_BUSINESS), _("A larger business")),
        ],
    )  # fmt: skip

    about_data = forms.ChoiceField(
        label=_("Is it also about your personal information?"), required=False, widget=forms.RadioSelect,
        choices=[("no", _("No")), ("yes", _("Yes, about how you used it, kept it or lost it"))], initial="no",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The way that was chosen needs its address."""
        said: dict[str, Any] = super().clean() or {}
        wanted = WAY_NEEDS.get(said.get("prefers", ""))
        if wanted and not said.get(wanted[0], "").strip() and wanted[0] not in self.errors:
            self.add_error(wanted[0], ValidationError(wanted[1]))
        return said

    @property
    def story(self) -> str:
        """What went wrong and what would put it right, as one text."""
        said = self.cleaned_data
        return (
            f"{said['words']}\n\nWhat would put it right: {said['wish']}"
            if said["wish"].strip()
            else str(said["words"])
        )


class Follow(House):
    """A case by its reference and the access code of its letters."""

    reference = forms.CharField(
        label=_("Your reference"), max_length=40, error_messages=needed(_("Give the reference. It is in our letters.")),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Your access code"), max_length=40, error_messages=needed(_("Give the access code. It is in our letters.")),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class AskLink(House):
    """A link to one's case, sent to the address that we have."""

    reference = forms.CharField(
        label=_("Your reference"), max_length=40, error_messages=needed(_("Give the reference. It is in our letters.")),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Your email address"), max_length=320, error_messages=needed(_("Give the address that we write to.")),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        # It stands on one page with `Follow`: their boxes need names of their own.
        super().__init__(data, prefix="link")


class WentToScheme(House):
    """That the customer took it to a scheme: which, when, and its number if they have it."""

    scheme = forms.ChoiceField(
        label=_("Which scheme did you go to?"), widget=forms.RadioSelect,
        error_messages=needed(_("Choose the scheme that you went to.")),
    )  # fmt: skip
    day = forms.DateField(
        label=_("When did you apply?"), error_messages=needed(_("Give the day when you applied.")),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    number = forms.CharField(
        label=_("The number that the scheme gave you"), required=False, max_length=60,
        help_text=_("If you have it. You can leave this empty and tell us later."),
        widget=forms.TextInput(attrs={"class": "short-box", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, schemes: list[tuple[str, str]], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial or {})
        which = self.fields["scheme"]
        assert isinstance(which, forms.ChoiceField)
        which.choices = schemes


class Say(House):
    """A message to whoever looks after the case."""

    words = Words(label=_("Your message"), rows=5, error_messages=needed(_("Write your message.")))
    enclosed = Files(label=_("Files to go with it"))


class AnswerQuestion(House):
    """An answer to something that we asked, beside the question."""

    words = Words(label=_("Your answer"), rows=4, error_messages=needed(_("Write your answer.")))
    enclosed = Files(label=_("Photos or papers that go with it"))

    def __init__(self, data: Any = None, files: Any = None, *, question: str = "") -> None:
        # Several questions may stand on one page: their boxes need names of their own.
        super().__init__(data, files, prefix=f"question-{question}")
        self.question = question


class Reply(House):
    """Yes or no to an outcome, in one's own words."""

    outcome = forms.CharField(widget=forms.HiddenInput)
    accepted = forms.ChoiceField(
        label=_("Are you happy with this outcome?"), widget=forms.RadioSelect,
        choices=[
            ("yes", _("Yes. I accept it, and my complaint is settled")),
            ("no", _("No. I do not accept it")),
        ],
        error_messages=needed(_("Tell us whether you accept the outcome.")),
    )  # fmt: skip
    words = Words(
        label=_("In your own words"), rows=4, required=False, help_text=_("Tell us why, if you like.")
    )

    def __init__(self, data: Any = None, *, outcome: str = "") -> None:
        super().__init__(data, initial={"outcome": outcome}, prefix="reply")


class Reads(House):
    """How a customer reads what we write, on their own case."""

    wanted = forms.ChoiceField(
        label=_("How shall we write to you?"), widget=forms.RadioSelect,
        choices=[(USUAL, _("As usual: email or letter")), *FORMATS_SAID], error_messages=needed(_("Choose how.")),
    )  # fmt: skip
    again = forms.BooleanField(label=_("Send me the letters that I have had in it too"), required=False)
    agree = forms.BooleanField(
        label=_("You may keep a note of this, to write to me in this way about everything"), required=False
    )

    def __init__(self, data: Any = None, *, wanted: str = "") -> None:
        super().__init__(data, initial={"wanted": wanted or USUAL}, prefix="reads")

    def clean(self) -> dict[str, Any]:
        """What tells of somebody's health is kept with their word alone (C5-01)."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("wanted", USUAL) != USUAL and not said.get("agree"):
            self.add_error("agree", ValidationError(_("Tick this: we need your word to keep a note of it.")))
        return said

    @property
    def format(self) -> str:
        """One of `formats.Format`."""
        wanted = str(self.cleaned_data["wanted"])
        return "" if wanted == USUAL else wanted


class Higher(House):
    """To have somebody higher up look at it."""

    words = Words(label=_("What should they know?"), rows=3, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="higher")
