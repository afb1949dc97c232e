"""Forms of the customers' book. What a box may hold is said once, in `customers.checked`, for files and the door too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core.contracts import RENEWAL_SAID
from amends.core.formats import Format
from amends.desk.customers import checked, recorded, speakers
from amends.desk.customers.checked import Reader, Values, Wrong
from amends.desk.forms.fields import House, Words, needed
from amends.desk.forms.keeping import KINDS_SAID, PREFERS_SAID

NOT_KNOWN: Final = ("", _("Not known"))


def _choices(known: Mapping[str, str]) -> list[tuple[str, Any]]:
    return [NOT_KNOWN, *known.items()]


def _day(label: Any, **more: Any) -> forms.CharField:
    """A box for a day; a browser shows its calendar, and gives it in one form."""
    more.setdefault("required", False)
    return forms.CharField(label=label, max_length=20, widget=forms.DateInput(attrs={"type": "date"}), **more)


class Checked(House):
    """A form whose boxes are read by the rules of the book; every mistake stands at its box."""

    rules: ClassVar[Mapping[str, Reader]] = {}
    values: Values

    def clean(self) -> dict[str, Any]:
        """The values, or what is wrong with each box."""
        said: dict[str, Any] = super().clean() or {}
        words = {name: str(said.get(name) or "") for name in self.rules if name in self.fields}
        self.values, wrong = checked.read(self.rules, words)
        self.refuse(wrong)
        return said

    def refuse(self, wrong: Sequence[Wrong]) -> None:
        """Put what is wrong at its box, or above the form where it has none."""
        for each in wrong:
            words = f"{each.what[:1].upper()}{each.what[1:]}."
            self.add_error(each.field if each.field in self.fields else None, ValidationError(words))


class CustomerForm(Checked):
    """Who a customer is."""

    rules = checked.CUSTOMER

    name = forms.CharField(label=_("Name"), max_length=200, error_messages=needed(_("Give a name.")))
    kind = forms.ChoiceField(
        label=_("Who they are"), required=False, choices=KINDS_SAID,
        help_text=_("Whoever’s size is not known counts as covered by the dispute-resolution rules."),
    )  # fmt: skip
    headcount = forms.CharField(
        label=_("People who work there"), required=False, max_length=12,
        help_text=_("Of a business: everybody who works for it, employed or not."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short-box"}),
    )  # fmt: skip
    counted_how = forms.CharField(
        label=_("How that was counted"), required=False, max_length=200,
        help_text=_("Such as: payroll of March, told on the phone by the owner."),
    )  # fmt: skip
    counted_on = _day(_("On which day"))
    email = forms.CharField(label=_("Email"), required=False, max_length=320)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    address = forms.CharField(
        label=_("Postal address"), required=False, max_length=1000,
        help_text=_("As they write it, one line per line, with the postcode."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "short"}),
    )  # fmt: skip
    prefers = forms.ChoiceField(label=_("How they want replies"), required=False, choices=PREFERS_SAID)
    account_manager = forms.ChoiceField(
        label=_("Account manager"), required=False, help_text=_("Whom they call first, if anybody.")
    )
    external = forms.CharField(
        label=_("Their number in your own system"), required=False, max_length=100,
        help_text=_("An import or your billing system finds them by it."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["account_manager"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Nobody")), *people]


class AccountForm(Checked):
    """What a customer is billed on."""

    rules = checked.ACCOUNT

    number = forms.CharField(
        label=_("Account number"), max_length=100, error_messages=needed(_("Give its number."))
    )
    payment_method = forms.ChoiceField(
        label=_("How it is paid"), required=False, choices=_choices(checked.PAYMENT)
    )
    billing = forms.ChoiceField(label=_("Billed"), required=False, choices=_choices(checked.BILLING))
    closed_on = _day(_("Closed on"))


class ServiceForm(Checked):
    """A service with its contract."""

    rules = checked.SERVICE

    kind = forms.ChoiceField(
        label=_("What it is"), choices=[("", _("Choose")), *checked.SERVICES.items()],
        error_messages=needed(_("Say what it is.")),
    )  # fmt: skip
    name = forms.CharField(label=_("What it is sold as"), required=False, max_length=200)
    account = forms.ChoiceField(label=_("On which account"), required=False)
    numbers = forms.CharField(
        label=_("Its numbers"), required=False, max_length=20_000,
        help_text=_("One a line. A range by its first and last number: 020 7946 0000 to 020 7946 0099."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )  # fmt: skip
    address = forms.CharField(
        label=_("Where, if elsewhere than the customer’s address"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )  # fmt: skip
    starts = _day(_("Contract starts"))
    minimum_months = forms.CharField(
        label=_("Minimum term in months"), required=False, max_length=6, help_text=_("0 where there is none."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short-box"}),
    )  # fmt: skip
    renewal = forms.ChoiceField(
        label=_("What happens after the minimum term"), required=False,
        choices=[NOT_KNOWN, *((str(k), f"{words[:1].upper()}{words[1:]}") for k, words in RENEWAL_SAID.items())],
    )  # fmt: skip
    renewal_words = forms.CharField(label=_("In the words of the contract"), required=False, max_length=500)
    ends = _day(_("First day without it"))
    price_pence = forms.CharField(
        label=_("Price in pounds, with VAT"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short-box"}),
    )  # fmt: skip
    price_per = forms.ChoiceField(label=_("Each"), required=False, choices=_choices(checked.PER))
    terms = forms.ChoiceField(label=_("Its terms"), required=False)

    def __init__(
        self, *args: Any, accounts: Sequence[tuple[str, str]], terms: Sequence[str], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        account, known = self.fields["account"], self.fields["terms"]
        assert isinstance(account, forms.ChoiceField)
        assert isinstance(known, forms.ChoiceField)
        account.choices = [("", _("None")), *accounts]
        known.choices = [NOT_KNOWN, *((name, name) for name in terms)]


class SpeakerForm(House):
    """Somebody who may speak for the customer."""

    name = forms.CharField(
        label=_("Their name"), max_length=200, error_messages=needed(_("Give their name."))
    )
    relation = forms.CharField(
        label=_("Who they are to the customer"), required=False, max_length=100,
        help_text=_("Such as: daughter, carer, solicitor, office manager."),
    )  # fmt: skip
    may_hear = forms.ChoiceField(
        label=_("What they may hear"), choices=list(speakers.MAY_HEAR.items()), widget=forms.RadioSelect,
        error_messages=needed(_("Say what they may hear.")),
    )  # fmt: skip
    consent = forms.CharField(
        label=_("How the customer allowed it"), max_length=300, error_messages=needed(_("Write how.")),
        help_text=_("Such as: on a call today, after the identity check; by a signed letter."),
    )  # fmt: skip
    email = forms.EmailField(label=_("Their email"), required=False, max_length=320)
    phone = forms.CharField(label=_("Their phone"), required=False, max_length=60)
    until = forms.DateField(
        label=_("Only until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @property
    def new(self) -> speakers.New:
        """Whom it names."""
        return speakers.New(**self.cleaned_data)


class NeedForm(House):
    """What the customer needs of us."""

    kind = forms.ChoiceField(
        label=_("What they need"), widget=forms.RadioSelect, error_messages=needed(_("Choose one.")),
        choices=[(name, kind.label) for name, kind in recorded.KINDS.items()],
    )  # fmt: skip
    format = forms.ChoiceField(
        label=_("Which format, where it is one"), required=False,
        choices=[("", "–"), *((str(x), str(x)) for x in Format if x)],
    )  # fmt: skip
    words = Words(
        label=_("What we have to know"), rows=3, required=False, max_length=1000,
        help_text=_("No more than that: not the illness, but what follows for us."),
    )  # fmt: skip
    arranged = Words(
        label=_("What was arranged"), rows=3, required=False, max_length=1000,
        help_text=_("Such as: ring twice and wait; visits in the afternoon only."),
    )  # fmt: skip
    consent = forms.CharField(
        label=_("How they agreed that we keep it"), max_length=300, error_messages=needed(_("Write how they agreed.")),
        help_text=_("Such as: on the call today, Mrs Bell herself."),
    )  # fmt: skip
    review = forms.DateField(
        label=_("Ask again from"), required=False, help_text=_("In a year, unless you say another day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    @property
    def new(self) -> recorded.New:
        """The need."""
        return recorded.New(**self.cleaned_data)


class ReviewNeed(House):
    """The customer was asked whether a need still holds."""

    holds = forms.ChoiceField(
        label=_("Does it still hold?"), widget=forms.RadioSelect, error_messages=needed(_("Say whether it holds.")),
        choices=[("yes", _("Yes, and we may go on keeping it")), ("no", _("No: it is over"))],
    )  # fmt: skip
    how = forms.CharField(
        label=_("When and how they said so"),
        max_length=300,
        error_messages=needed(_("Write how they said so.")),
    )
    review = forms.DateField(
        label=_("Ask again from"), required=False, help_text=_("In a year, unless you say another day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


class EraseCustomer(House):
    """Why a customer is erased."""

    why = forms.CharField(
        label=_("Why they are erased"), max_length=300, error_messages=needed(_("Write why.")),
        help_text=_("Such as: their own request of today, or the period that has run out."),
    )  # fmt: skip


class Whose(House):
    """Whose case it is."""

    customer = forms.ChoiceField(label=_("Whose case is it?"), widget=forms.RadioSelect, required=False)
    number = forms.CharField(
        label=_("Or the customer’s number in this book"), required=False, max_length=18,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short-box"}),
    )  # fmt: skip
    account = forms.CharField(
        label=_("The account that it is about"), required=False, max_length=100,
        help_text=_("Leave it empty where they have one, or where you do not know."),
    )  # fmt: skip

    def __init__(self, *args: Any, suggested: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["customer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(suggested)
        if not suggested:
            del self.fields["customer"]
            self.fields["number"].label = _("The customer’s number in this book")

    def clean(self) -> dict[str, Any]:
        """One of those suggested, or a number."""
        said: dict[str, Any] = super().clean() or {}
        typed = str(said.get("number") or "").strip()
        if not typed and not said.get("customer"):
            self.add_error("number", ValidationError(_("Choose a customer, or give their number.")))
        if typed and not (typed.isascii() and typed.isdecimal()):
            self.add_error("number", ValidationError(_("A number is digits alone.")))
        return said

    @property
    def chosen(self) -> int:
        """The customer's number."""
        return int(self.cleaned_data.get("number") or self.cleaned_data.get("customer") or 0)


class TermsForm(House):
    """One version of the terms of a kind of service."""

    judges_years = True

    name = forms.CharField(
        label=_("Terms of what"), max_length=100, error_messages=needed(_("Say what they are the terms of.")),
        help_text=_("As services name them, such as: home broadband. The same name makes another version."),
    )  # fmt: skip
    version = forms.CharField(
        label=_("Version"), max_length=100, error_messages=needed(_("Name the version."))
    )
    in_force_from = forms.DateField(
        label=_("In force from"), error_messages=needed(_("Give its first day.")),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    address = forms.URLField(
        label=_("Where they are published"), required=False, max_length=500, assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    words = Words(label=_("Their words, or what matters of them"), rows=6, required=False)

    def clean_in_force_from(self) -> date:
        """A day within living memory."""
        day: date = self.cleaned_data["in_force_from"]
        if day.year not in checked.YEARS:
            raise ValidationError(_("That year cannot be right."))
        return day
