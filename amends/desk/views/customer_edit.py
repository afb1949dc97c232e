"""Writing the customers' book: who a customer is, their accounts and services, who speaks for them, what they need."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core.may import Refusal
from amends.desk import access
from amends.desk.customers import book, recorded, speakers
from amends.desk.customers.checked import Wrong
from amends.desk.erasure import erase_customer
from amends.desk.forms.customers import (
    AccountForm,
    CustomerForm,
    EraseCustomer,
    NeedForm,
    ReviewNeed,
    ServiceForm,
    SpeakerForm,
)
from amends.desk.forms.fields import House
from amends.desk.models import Account, CustomerRow, RecordedNeed, Service
from amends.desk.views.case import colleagues
from amends.desk.views.customers import customer_page, kind_label, title
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import show

POST: Final = ("GET", "HEAD", "POST")


class _Undo(Exception):
    """What was written is taken back: the form is shown again."""


@console(roles=WORK, methods=POST)
def add_customer(request: HttpRequest, here: Here) -> HttpResponse:
    """Somebody new."""
    form = CustomerForm(request.POST or None, people=_people(here))
    return _customer_form(request, here, form, None)


@console(roles=WORK, methods=POST)
def edit_customer(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """What is known of a customer, changed."""
    row = access.customer_for(here.person, here.provider.pk, number)
    start = {name: _shown(getattr(row, name)) for name in (*book.OF_CUSTOMER, "external")}
    form = CustomerForm(request.POST or None, initial=start, people=_people(here))
    return _customer_form(request, here, form, row)


def _customer_form(
    request: HttpRequest, here: Here, form: CustomerForm, row: CustomerRow | None
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        names = dict(_people(here))
        manager = form.cleaned_data["account_manager"]
        values = {**form.values, "account_manager": manager, "account_manager_name": names.get(manager, "")}
        external = form.cleaned_data["external"].strip()
        wrong = _external_taken(here, row, external)
        if not wrong:
            kept = _kept(lambda: _keep_customer(here, row, values, external))
            if isinstance(kept, CustomerRow):
                return _to(request, here, kept, _("It stands in the book."))
            wrong = kept
        form.refuse(wrong)
    heading = _("Change what we know of them") if row else _("A new customer")
    return _form(request, here, form, row, heading, _("Save"))


def _keep_customer(
    here: Here, row: CustomerRow | None, values: dict[str, Any], external: str
) -> CustomerRow | tuple[Wrong, ...]:
    kept = book.keep_customer(
        here.provider, values, by=here.id, now=here.now, row=row, external=external if row is None else ""
    )
    if isinstance(kept, CustomerRow) and kept.external != external:
        book.note(kept, "details", {"external": [kept.external, external]}, here.id, here.now)
        kept.external = external
        kept.save(update_fields=["external"])
    return kept


def _external_taken(here: Here, row: CustomerRow | None, external: str) -> tuple[Wrong, ...]:
    same = CustomerRow.objects.filter(provider=here.provider, external=external)
    if external and (same.exclude(pk=row.pk) if row else same).exists():
        return (Wrong("external", "another customer has this number"),)
    return ()


@console(roles=WORK, methods=POST)
def add_account(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """One more account."""
    row = access.customer_for(here.person, here.provider.pk, number)
    return _account_form(request, here, row, None, AccountForm(request.POST or None))


@console(roles=WORK, methods=POST)
def edit_account(request: HttpRequest, here: Here, number: int, account: int) -> HttpResponse:
    """An account, changed. Its number stays: another number is another account."""
    row = access.customer_for(here.person, here.provider.pk, number)
    found = _of(row.accounts.filter(pk=account).first())
    start = {name: _shown(getattr(found, name)) for name in ("number", *book.OF_ACCOUNT)}
    form = AccountForm(request.POST or None, initial=start)
    form.fields["number"].disabled = True
    return _account_form(request, here, row, found, form)


def _account_form(
    request: HttpRequest, here: Here, row: CustomerRow, account: Account | None, form: AccountForm
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        said = form.cleaned_data["number"].strip()
        taken = account is None and Account.objects.filter(provider=here.provider, number=said).exists()
        kept = (
            (Wrong("number", "there is an account with this number already"),)
            if taken
            else _kept(
                lambda: book.keep_account(row, said, form.values, by=here.id, now=here.now, row=account)
            )
        )
        if isinstance(kept, Account):
            return _to(request, here, row, _("The account stands in the book."))
        form.refuse(kept)
    heading = _("The account") if account else _("One more account")
    return _form(request, here, form, row, heading, _("Save the account"))


@console(roles=WORK, methods=POST)
def add_service(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """One more service."""
    row = access.customer_for(here.person, here.provider.pk, number)
    return _service_form(request, here, row, None)


@console(roles=WORK, methods=POST)
def edit_service(request: HttpRequest, here: Here, number: int, service: int) -> HttpResponse:
    """A service, changed."""
    row = access.customer_for(here.person, here.provider.pk, number)
    return _service_form(request, here, row, _of(row.services.filter(pk=service).first()))


def _service_form(
    request: HttpRequest, here: Here, row: CustomerRow, service: Service | None
) -> HttpResponse:
    start = {name: _shown(getattr(service, name)) for name in book.OF_SERVICE} if service else {}
    if service is not None:
        start["account"] = str(service.account_id or "")
        if service.price_pence is not None:
            start["price_pence"] = f"{service.price_pence // 100}.{service.price_pence % 100:02}"
    accounts = [(str(a.pk), a.number) for a in row.accounts.order_by("id")]
    known = access.terms_for(here.person, here.provider.pk).order_by("name")
    names = list(known.values_list("name", flat=True).distinct())
    # A service may name terms that nobody has written down yet: they are not lost by saving it.
    names += [service.terms] if service is not None and service.terms not in ("", *names) else []
    form = ServiceForm(request.POST or None, initial=start, accounts=accounts, terms=names)
    if form.is_bound and form.is_valid():
        account = row.accounts.filter(pk=form.cleaned_data["account"] or 0).first()
        kept = _kept(
            lambda: book.keep_service(row, account, form.values, by=here.id, now=here.now, row=service)
        )
        if isinstance(kept, Service):
            return _to(request, here, row, _("The service stands in the book."))
        form.refuse(kept)
    heading = _("The service and its contract") if service else _("One more service")
    return _form(request, here, form, row, heading, _("Save the service"))


@console(roles=WORK, methods=POST)
def add_speaker(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Somebody who may speak for the customer."""
    row = access.customer_for(here.person, here.provider.pk, number)
    form = SpeakerForm(request.POST or None)
    if form.is_bound and form.is_valid():
        done = speakers.allow(row, form.new, by=here.id, now=here.now)
        if not isinstance(done, Refusal):
            return _to(request, here, row, _("They may speak for the customer now."))
        form.add_error(None, str(done))
    return _form(request, here, form, row, _("Somebody who may speak for them"), _("Let them speak"))


@console(roles=WORK, methods=("POST",))
def end_speaker(request: HttpRequest, here: Here, number: int, speaker: int) -> HttpResponse:
    """From today on they do not speak for the customer any more."""
    row = access.customer_for(here.person, here.provider.pk, number)
    refusal = speakers.end(_of(row.speakers.filter(pk=speaker).first()), by=here.id, now=here.now)
    return _to(request, here, row, str(refusal) if refusal else _("They speak for the customer no more."))


@console(roles=WORK, methods=POST)
def add_need(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """What the customer needs of us, with their consent."""
    row = access.customer_for(here.person, here.provider.pk, number)
    form = NeedForm(request.POST or None)
    if form.is_bound and form.is_valid():
        done = recorded.record(row, form.new, by=here.id, now=here.now)
        if not isinstance(done, Refusal):
            return _to(request, here, row, _("It stands in the book, and on every open case of theirs."))
        form.add_error(None, str(done))
    return _form(request, here, form, row, _("What they need of us"), _("Write it down"))


@console(roles=WORK, methods=POST)
def review_need(request: HttpRequest, here: Here, number: int, need: int) -> HttpResponse:
    """The customer was asked whether a need still holds."""
    row = access.customer_for(here.person, here.provider.pk, number)
    found: RecordedNeed = _of(row.needs.filter(pk=need, over_on__isnull=True).first())
    form = ReviewNeed(request.POST or None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        refusal = recorded.reviewed(
            found, holds=said["holds"] == "yes", how=said["how"], by=here.id, now=here.now, review=said["review"]
        )  # fmt: skip
        if refusal is None:
            return _to(request, here, row, _("It stands in the book."))
        form.add_error(None, str(refusal))
    intro = ": ".join(filter(None, (kind_label(found), found.words)))
    return _form(
        request, here, form, row, _("Do they still need it?"), _("Write down what they said"), intro=intro
    )


@console(roles=access.ERASES, methods=("POST",))
def erase(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Erase who a customer is."""
    row = access.customer_for(here.person, here.provider.pk, number)
    form = EraseCustomer(request.POST)
    if form.is_valid():
        refusal = erase_customer(row, why=form.cleaned_data["why"], by=here.id, now=here.now)
        if refusal is None:
            return _to(request, here, row, _("Who they are is erased."))
        form.add_error("why", str(refusal))
    return customer_page(request, here, row, form, 422)


def _kept(keep: Callable[[], Any]) -> Any:
    """What was kept, in one transaction; what is wrong, and then nothing of it was written."""
    try:
        with transaction.atomic():
            kept = keep()
            if isinstance(kept, tuple):
                raise _Undo
    except _Undo:
        return kept
    return kept


def _of(found: Any) -> Any:
    """What is the customer's own. Raises Http404 where it is not."""
    if found is None:
        raise Http404("none of theirs")
    return found


def _people(here: Here) -> list[tuple[str, str]]:
    return [(actor.id, f"{actor.name}") for actor in colleagues(here.provider.pk)]


def _shown(value: object) -> object:
    """A value as its box holds it."""
    return value.isoformat() if isinstance(value, date) else value


def _form(
    request: HttpRequest, here: Here, form: House, row: CustomerRow | None, heading: str, button: str, *, intro: str = ""
) -> HttpResponse:  # fmt: skip
    return show(
        request, here, "console/customer_form.html", at="customer-book", status=422 if form.is_bound else 200, form=form,
        row=row, heading=heading, button=button, intro=intro, name=title(row) if row else "",
    )  # fmt: skip


def _to(request: HttpRequest, here: Here, row: CustomerRow, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("customer", args=[here.provider.pk, row.pk]))
