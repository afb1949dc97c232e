"""Whose case it is: a person looks at who it may be, and says so. Nothing is joined by an address alone."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.desk import access
from amends.desk.customers import finding, linking
from amends.desk.customers.finding import Suggested
from amends.desk.forms.customers import Whose
from amends.desk.models import Account, CaseRow, CustomerRow
from amends.desk.opened import Opened
from amends.desk.record import docket
from amends.desk.views.case import open_for
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import show


@console(roles=WORK, methods=("GET", "HEAD", "POST"))
def whose(request: HttpRequest, here: Here, reference: str) -> HttpResponse:
    """The page on which it is said."""
    opened = open_for(here, reference)
    found = suggested(here, opened)
    choices = [
        (str(s.customer.pk), f"{s.customer.name}, {s.area or _('no postcode')}, {s.customer.pk}: {s.why}")
        for s in found
    ]
    linked = opened.row.customer
    if linked is not None and str(linked) not in dict(choices):
        row = access.customer_for(here.person, here.provider.pk, linked)
        choices.insert(0, (str(row.pk), f"{row.name}, {row.pk}: {_('whose case it is now')}"))
    form = Whose(
        request.POST or None,
        suggested=choices,
        initial={"customer": request.GET.get("customer", linked or "")},
    )
    if form.is_bound and request.POST.get("do") == "nobody":
        return _nobody(request, here, opened.row)
    if form.is_bound and form.is_valid() and _link(here, opened.row, form):
        messages.success(request, _("The case has its customer, and what their record knows."))
        return _back(here, reference)
    return show(
        request, here, "console/whose.html", at="cases", status=422 if form.is_bound else 200, form=form,
        row=opened.row, case=opened.case, found=found,
    )  # fmt: skip


def suggested(here: Here, opened: Opened) -> list[Suggested]:
    """Whose the case may be."""
    customers = access.customers(here.person, here.provider.pk)
    return finding.suggestions(customers, here.provider.pk, opened.case.customer)


def _link(here: Here, row: CaseRow, form: Whose) -> bool:
    """Whether it could be written down; what is wrong stands at its box then."""
    customers = access.customers(here.person, here.provider.pk).filter(erased_at__isnull=True)
    customer = customers.filter(pk=form.chosen).first()
    if customer is None:
        form.add_error("number", ValidationError(_("There is no customer with this number.")))
        return False
    account = _account(customer, form.cleaned_data["account"].strip())
    if account is None and form.cleaned_data["account"].strip():
        form.add_error("account", ValidationError(_("They have no such account.")))
        return False
    with docket(row.pk, now=here.now) as taken:
        refusal = linking.link(taken.cases[row.pk], customer, by=here.id, now=here.now, account=account)
    if refusal is not None:
        form.add_error(None, str(refusal))
    return refusal is None


def _account(customer: CustomerRow, said: str) -> Account | None:
    accounts = list(customer.accounts.filter(closed_on__isnull=True)[:2])
    if said:
        return customer.accounts.filter(number=said).first()
    return accounts[0] if len(accounts) == 1 else None


def _nobody(request: HttpRequest, here: Here, row: CaseRow) -> HttpResponse:
    with docket(row.pk, now=here.now) as taken:
        refusal = linking.unlink(taken.cases[row.pk], by=here.id, now=here.now)
    messages.success(request, str(refusal) if refusal else _("The case is nobody’s of the book any more."))
    return _back(here, row.reference)


def _back(here: Here, reference: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("case", args=[here.provider.pk, reference]))
