"""A call, or any new contact, on one screen: find the customer, check who they are, write, decide, plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core import facts as f
from amends.core.case import Appointment, Customer
from amends.desk import access, actions, search, unsent
from amends.desk import reference as references
from amends.desk.customers import finding
from amends.desk.forms.contact import CHECKED, NEW, OF_BOOK, ContactForm
from amends.desk.models import CaseRow, Draft
from amends.desk.opened import Opened
from amends.desk.record import docket
from amends.desk.search import Result
from amends.desk.views.acting import BY_ITSELF, DRAFT, Undone
from amends.desk.views.case import colleagues, open_for
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import show
from amends.desk.views.taken_down import SALT, record
from amends.law import law

DEFINITION: Final = "R-01"
HOLDS_FOR: Final = timedelta(hours=1)
"""How long an identity check of one's own lets one see the details of the customer."""


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
        draft = unsent.find(here.person, here.provider, _row(here, chosen), unsent.NEW_CONTACT)
        # Whoever comes from a customer's page or to keep an agreed time begins anew; the draft waits.
        if draft is not None and not {"customer", "appointment"} & set(request.GET):
            return _taken_up(request, here, draft, chosen)
        results = [_as_result(open_for(here, chosen).row)] if chosen else []
        form = ContactForm(
            now=here.now, results=results, definition=_definition(), chosen=chosen, reference=_drawn(here),
            book=_of_book(here, "", request.GET.get("customer", "")), colleagues=colleagues(here.provider.pk), me=here.id,
            appointment=request.GET.get("appointment", ""),
        )  # fmt: skip
        return _page(request, here, form, results, chosen)
    results = _results(here, request.POST.get("find", ""))
    about = request.POST.get("about", "")
    number = about.removeprefix(OF_BOOK) if about.startswith(OF_BOOK) else ""
    chosen = "" if number else about.removeprefix(f"{NEW}:").removeprefix(NEW)
    form = ContactForm(
        request.POST, request.FILES, now=here.now, results=results, definition=_definition(), chosen=chosen,
        book=_of_book(here, request.POST.get("find", ""), number), colleagues=colleagues(here.provider.pk), me=here.id,
    )  # fmt: skip
    what = request.POST.get("do", "save")
    if what in ("save", "write"):
        return _save(request, here, form, results, chosen, write=what == "write")
    if what == DRAFT:
        row = _row(here, chosen)
        kept = unsent.keep(here.person, here.provider, row, unsent.NEW_CONTACT, request.POST, here.now)
        if BY_ITSELF in request.headers:
            return HttpResponse(status=204 if kept else 422)
        messages.success(request, _("Your draft is kept, for you alone. It waits in My day."))
    problem = _check(here, form, chosen) if what == "identity" else ""
    form.quiet()
    form.ask_files_again()
    if problem:
        form.add_error(None, problem)
    return _page(request, here, form, results, chosen, looked=what == "find")


def _row(here: Here, chosen: str) -> CaseRow | None:
    """The case that was chosen, if one was."""
    return access.case_for(here.person, here.provider.pk, chosen) if chosen else None


def _taken_up(request: HttpRequest, here: Here, draft: Draft, chosen: str) -> HttpResponse:
    """The form as the person left it. The contact keeps the time that was typed."""
    typed = unsent.as_form(draft)
    typed["reference"] = _drawn(here)
    results = _results(here, typed.get("find", ""))
    if chosen and chosen not in {found.reference for found in results}:
        results = [_as_result(open_for(here, chosen).row), *results]
    about = typed.get("about", "")
    form = ContactForm(
        typed, now=here.now, results=results, definition=_definition(), chosen=chosen,
        book=_of_book(here, typed.get("find", ""), about.removeprefix(OF_BOOK) if about.startswith(OF_BOOK) else ""),
        colleagues=colleagues(here.provider.pk), me=here.id,
    )  # fmt: skip
    form.quiet()
    return _page(request, here, form, results, chosen, draft=draft)


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
    return signing.dumps(references.draw(references.initials(here.provider.name)), salt=SALT, compress=False)


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


@console(roles=WORK)
def found_so_far(request: HttpRequest, here: Here) -> HttpResponse:
    """Whose case it may be, while somebody still types: the part of the screen that says so, and nothing else."""
    said = request.GET.get("find", "")
    form = ContactForm(
        now=here.now, results=_results(here, said), definition=_definition(), book=_of_book(here, said, "")
    )
    return render(request, "console/call_about.html", {"form": form, "provider": here.provider})


def _save(
    request: HttpRequest,
    here: Here,
    form: ContactForm,
    results: list[Result],
    chosen: str,
    *,
    write: bool,
) -> HttpResponse:
    if not form.is_valid():
        form.ask_files_again()
        return _page(request, here, form, results, chosen, status=422)
    try:
        reference = record(here, form, chosen)
    except Undone as undone:
        form.add_error(None, str(undone.refusal))
        return _page(request, here, form, results, chosen, status=422)
    unsent.drop(here.person, here.provider, {None, _row(here, chosen)}, unsent.NEW_CONTACT)
    messages.success(request, _("The contact stands on the case."))
    if write:
        case = [here.provider.pk, reference]
        return HttpResponseRedirect(reverse("deed", args=[*case, "follow-up"]))
    return HttpResponseRedirect(reverse("case", args=[here.provider.pk, reference]))


def _page(
    request: HttpRequest, here: Here, form: ContactForm, results: list[Result], chosen: str,
    *, status: int = 200, looked: bool = False, draft: Draft | None = None,
) -> HttpResponse:  # fmt: skip
    known = _known(here, chosen) if chosen else None
    return show(
        request, here, "console/new_contact.html", at="new-contact", status=status, form=form, results=results,
        known=known, looked=looked, draft=draft, began=_began(form, here), promised_now=_promised(known, form),
        **_said_of(known),
    )  # fmt: skip


def _began(form: ContactForm, here: Here) -> datetime:
    """When the call began: when this form was first shown, unless somebody wrote another time."""
    said = form["received"].value() if not form.is_bound else None
    if isinstance(said, datetime):
        return said
    try:
        boxes = form["received"].subwidgets and form.fields["received"].widget.value_from_datadict(
            form.data, form.files, "received"
        )
        found = form.fields["received"].clean(boxes)
    except ValidationError:
        return here.now
    return found if isinstance(found, datetime) and found <= here.now else here.now


def _promised(known: Known | None, form: ContactForm) -> Appointment | None:
    """The agreed time from which this call was begun."""
    if known is None:
        return None
    asked = form["appointment"].value()
    return next((a for a in known.opened.case.appointments if a.id == asked and not a.settled), None)


def _said_of(known: Known | None) -> dict[str, Any]:
    if known is None or not known.checked:
        return {}
    case = known.opened.case
    return {
        "last": [c for c in reversed(case.contacts) if not c.machine][:4],
        "promised": [a for a in case.appointments if not a.settled],
    }


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
