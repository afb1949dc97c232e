"""A new contact, on one screen: find the customer, check who they are, write what they said, decide, plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.core import signing
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core import facts as f
from amends.core.case import Customer
from amends.core.code import Unless
from amends.core.may import Refusal
from amends.desk import access, actions, merging, search
from amends.desk import reference as references
from amends.desk.customers import finding, linking
from amends.desk.forms.contact import CHECKED, NEW, OF_BOOK, ContactForm
from amends.desk.forms.deciding import BY_A_PERSON
from amends.desk.forms.keeping import customer_known
from amends.desk.models import CaseRow
from amends.desk.record import CaseInHand, Docket, LetterMissing, docket
from amends.desk.search import Result
from amends.desk.views.acting import Undone
from amends.desk.views.case import Opened, open_for, read
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import show
from amends.law import law

DEFINITION: Final = "R-01"
HOLDS_FOR: Final = timedelta(hours=1)
"""How long an identity check of one's own lets one see the details of the customer."""
_SALT: Final = "new contact"


@dataclass(frozen=True, slots=True)
class Known:
    """The customer's case that was chosen, and whether its details may be shown."""

    opened: Opened
    checked: bool
    others: tuple[CaseRow, ...] = ()

    @property
    def customer(self) -> Customer:
        """What is known of the customer."""
        return self.opened.case.customer


@console(roles=WORK, methods=("GET", "HEAD", "POST"))
def new_contact(request: HttpRequest, here: Here) -> HttpResponse:
    """The screen."""
    if request.method != "POST":
        chosen = request.GET.get("about", "")
        results = [_as_result(open_for(here, chosen).row)] if chosen else []
        form = ContactForm(
            now=here.now, results=results, definition=_definition(), chosen=chosen, reference=_drawn(here),
            book=_of_book(here, "", request.GET.get("customer", "")),
        )  # fmt: skip
        return _page(request, here, form, results, chosen)
    results = _results(here, request.POST.get("find", ""))
    about = request.POST.get("about", "")
    number = about.removeprefix(OF_BOOK) if about.startswith(OF_BOOK) else ""
    chosen = "" if number else about.removeprefix(f"{NEW}:").removeprefix(NEW)
    form = ContactForm(
        request.POST, request.FILES, now=here.now, results=results, definition=_definition(), chosen=chosen,
        book=_of_book(here, request.POST.get("find", ""), number),
    )  # fmt: skip
    what = request.POST.get("do", "save")
    if what == "save":
        return _save(request, here, form, results, chosen)
    problem = _check(here, form, chosen) if what == "identity" else ""
    form.quiet()
    form.ask_files_again()
    if problem:
        form.add_error(None, problem)
    return _page(request, here, form, results, chosen, looked=what == "find")


def _definition() -> str:
    return law().rule(DEFINITION).says


def _results(here: Here, said: str) -> list[Result]:
    said = said.strip()
    return search.search(access.cases(here.person, here.provider.pk), here.provider.pk, said) if said else []


def _of_book(here: Here, said: str, number: str) -> list[tuple[int, str]]:
    """The customers of the book who fit what was said, and the one whose number is given; name and area alone."""
    customers = access.customers(here.person, here.provider.pk).filter(erased_at__isnull=True)
    found = finding.find(customers, here.provider.pk, said) if said.strip() else []
    if number.isascii() and number.isdecimal() and len(number) < 19:
        found = [*customers.filter(pk=int(number)), *found]
    return list(
        {
            row.pk: (row.pk, f"{row.name}, {row.postcode.partition(' ')[0] or _('no postcode')}")
            for row in found
        }.values()
    )


def _as_result(row: CaseRow) -> Result:
    return Result(row.reference, row.customer_name, row.postcode.partition(" ")[0], row.is_open)


def _drawn(here: Here) -> str:
    """A reference for the case that this form may open, signed: sent twice, the form opens one case."""
    return signing.dumps(references.draw(references.initials(here.provider.name)), salt=_SALT, compress=False)


def _reference(form: ContactForm) -> str | None:
    try:
        return str(signing.loads(form.cleaned_data["reference"], salt=_SALT))
    except signing.BadSignature:
        return None


def _check(here: Here, form: ContactForm, chosen: str) -> str:
    """Record the identity check that was filled in, on the chosen case; what is missing for it, where something is."""
    passed, how = form.data.get("identity", ""), form.data.get("identity_how", "")
    if not chosen:
        return _("Choose the case first: the check stands on it.")
    if passed not in CHECKED or not how.strip():
        return _("Say whether they passed, and what was asked.")
    row = access.case_for(here.person, here.provider.pk, chosen)
    with docket(row.pk, now=here.now) as taken:
        refusal = actions.check_identity(
            taken.cases[row.pk], here.actor, here.now, passed=passed == "yes", how=how
        )
    return str(refusal) if refusal else ""


def _save(
    request: HttpRequest, here: Here, form: ContactForm, results: list[Result], chosen: str
) -> HttpResponse:
    if not form.is_valid():
        form.ask_files_again()
        return _page(request, here, form, results, chosen, status=422)
    try:
        reference = _record(here, form, chosen)
    except Undone as undone:
        form.add_error(None, str(undone.refusal))
        return _page(request, here, form, results, chosen, status=422)
    messages.success(request, _("The contact stands on the case."))
    return HttpResponseRedirect(reverse("case", args=[here.provider.pk, reference]))


def _record(here: Here, form: ContactForm, chosen: str) -> str:
    """Write the contact down; the reference of its case. Raises Undone, and nothing of it was."""
    row = merging.survivor(access.case_for(here.person, here.provider.pk, chosen)) if chosen else None
    this_case = row if form.cleaned_data["about"] == chosen else None
    drawn = _reference(form)
    try:
        return _recorded(here, form, row, this_case, drawn)
    except IntegrityError:
        there = CaseRow.objects.filter(provider=here.provider, reference=drawn or "").first()
        if there is None:
            raise
        if _is_there(read(there), form):
            return there.reference
        # Other words under a reference that is given: they open a case of their own, and are not lost.
        return _recorded(here, form, row, None, None)


def _recorded(
    here: Here, form: ContactForm, row: CaseRow | None, this_case: CaseRow | None, drawn: str | None
) -> str:
    try:
        with docket(*([this_case.pk] if this_case else []), now=here.now) as taken:
            hand = taken.cases[this_case.pk] if this_case else None
            if hand is not None and _is_there(hand, form):
                return hand.row.reference
            hand = _taken_down(taken, hand, here, form, _customer(here, form, row), drawn)
            _of_the_book(hand, here, form)
            _decided(taken, hand, here, form)
            return hand.row.reference
    except LetterMissing as missing:
        raise Undone(Refusal("A letter cannot be written yet", "A-evidence", str(missing))) from missing


def _of_the_book(hand: CaseInHand, here: Here, form: ContactForm) -> None:
    """Say whose case it is, where a person chose a customer of the book. Raises Undone."""
    about = form.cleaned_data["about"]
    if not about.startswith(OF_BOOK):
        return
    customer = access.customer_for(here.person, here.provider.pk, int(about.removeprefix(OF_BOOK)))
    accounts = list(customer.accounts.filter(closed_on__isnull=True)[:2])
    refusal = linking.link(
        hand, customer, by=here.id, now=here.now, account=accounts[0] if len(accounts) == 1 else None
    )
    if refusal is not None:
        raise Undone(refusal)


def _is_there(hand: CaseInHand | Opened, form: ContactForm) -> bool:
    """Whether this very contact stands on the case already: the form was sent twice."""
    new = form.contact()
    at = new.effective or new.received
    return any(
        c.inbound and c.channel == new.channel and c.at == at and c.words == new.words
        for c in hand.case.contacts
    )


def _customer(here: Here, form: ContactForm, row: CaseRow | None) -> f.CustomerKnown | None:
    """What was written down of the customer, with what an earlier case of theirs knows."""
    said = dict(form.cleaned_data)
    if row is not None and form.cleaned_data["about"].startswith(NEW):
        earlier = open_for(here, row.reference).case.customer
        for name in ("name", "email", "phone", "address", "account", "prefers", "headcount", "counted_how"):
            said[name] = said.get(name) or getattr(earlier, name)
        said["customer_kind"] = said["customer_kind"] or (
            "" if earlier.kind == "unknown" else str(earlier.kind)
        )
    known = customer_known(said, here.actor, here.now)
    return (
        known
        if any(
            (
                known.name,
                known.email,
                known.phone,
                known.address,
                known.account,
                known.customer_kind,
                known.prefers,
            )
        )
        else None
    )


def _taken_down(
    taken: Docket,
    hand: CaseInHand | None,
    here: Here,
    form: ContactForm,
    known: f.CustomerKnown | None,
    drawn: str | None,
) -> CaseInHand:
    if hand is None:
        return actions.open_case(taken, here.provider, form.contact(), known, here.actor, here.now, drawn)
    if known is not None:
        actions.know_customer(hand, known)
    actions.add_contact(hand, form.contact(), here.actor, here.now)
    return hand


def _decided(taken: Docket, hand: CaseInHand, here: Here, form: ContactForm) -> None:
    """The identity check, the decision, the handler, and how it goes on."""
    said, by, now = form.cleaned_data, here.actor, here.now
    contact = hand.case.contacts[-1].id
    done: list[Refusal | None] = []
    if said["identity"] in CHECKED:
        done.append(
            actions.check_identity(hand, by, now, passed=said["identity"] == "yes", how=said["identity_how"])
        )
    if said["complaint"] in ("yes", "no"):
        complaint = said["complaint"] == "yes"
        done.append(
            actions.decide_complaint(hand, by, now, contact=contact, complaint=complaint, why=said["why_not"])
        )
    if said["take"]:
        done.append(actions.assign(hand, by, now, handler=by))
    if said["ends"] == "settled":
        done.append(_settled(taken, hand, here, form))
    elif said["ends"] == "time":
        done.append(
            actions.agree_time(
                taken, hand, by, now, starts=said["from"], ends=said["to"], number=hand.case.customer.phone
            )
        )
    refusal = next((r for r in done if r is not None), None)
    if refusal is not None:
        raise Undone(refusal)


def _settled(taken: Docket, hand: CaseInHand, here: Here, form: ContactForm) -> Refusal | None:
    evidence = "not a complaint" if hand.case.complaint is False else "customer confirmed"
    first = len([c for c in hand.case.contacts if c.inbound and not c.machine]) == 1
    how = str(Unless.SETTLED_FIRST_CONTACT) if first else BY_A_PERSON
    return actions.close(
        taken, hand, here.actor, here.now, evidence=evidence, how=how,
        words=form.cleaned_data["settled_words"],
    )  # fmt: skip


def _page(
    request: HttpRequest, here: Here, form: ContactForm, results: list[Result], chosen: str,
    *, status: int = 200, looked: bool = False,
) -> HttpResponse:  # fmt: skip
    known = _known(here, chosen) if chosen else None
    return show(
        request, here, "console/new_contact.html", at="new-contact", status=status, form=form, results=results,
        known=known, looked=looked, **_said_of(known),
    )  # fmt: skip


def _said_of(known: Known | None) -> dict[str, Any]:
    if known is None or not known.checked:
        return {}
    return {"last": [c for c in known.opened.case.contacts if not c.machine][-3:]}


def _known(here: Here, chosen: str) -> Known:
    opened = open_for(here, chosen)
    checked = any(
        isinstance(x, f.IdentityChecked) and x.passed and x.by == here.id and here.now - x.logged <= HOLDS_FOR
        for x in opened.facts
    )
    return Known(opened, checked, tuple(_others(here, opened)) if checked else ())


def _others(here: Here, opened: Opened) -> list[CaseRow]:
    """Other open cases under the same account or address of email."""
    customer = opened.case.customer
    wanted = [
        w
        for said in (customer.account, customer.email)
        if said
        for w in search.matching(here.provider.pk, said)
    ]
    found: dict[int, CaseRow] = {}
    for condition in wanted:
        rows = (
            access.cases(here.person, here.provider.pk)
            .filter(condition, is_open=True)
            .exclude(pk=opened.row.pk)
        )
        found.update((row.pk, row) for row in rows.order_by("-id")[:5])
    return list(found.values())
