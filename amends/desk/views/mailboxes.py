"""The mailboxes of a provider: when each was heard last, what is wrong with it, its settings, and a button to try it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.desk import alignment, grants, home, mail_sign_on, mailbox_trial
from amends.desk import mailboxes as settings
from amends.desk.forms.mailboxes import ApplicationForm, MailboxForm
from amends.desk.mail_services import MICROSOFT, SERVICES
from amends.desk.mail_sign_on import Application
from amends.desk.mailbox_trial import Trial
from amends.desk.models import Mailbox, MailGrant, RoleName
from amends.desk.views.here import KEEP, Here, console
from amends.desk.views.pages import show

SETS_MAILBOXES = frozenset({RoleName.ADMINISTRATOR, RoleName.MANAGER, RoleName.DIRECTOR})
"""Who leads the desk to mail servers; compliance sees how they do."""


@dataclass(frozen=True, slots=True)
class Row:
    """A mailbox in the list: what opens it, whether it has been silent for too long, and the ways on which it hears."""

    box: Mailbox
    grant: MailGrant | None
    silent: bool


@console(roles=KEEP)
def mailboxes(request: HttpRequest, here: Here) -> HttpResponse:
    """All mailboxes, and what receivers check of their mail as far as it is known here."""
    boxes = Mailbox.objects.filter(provider=here.provider).order_by("pk")
    found = {grant.mailbox_id: grant for grant in MailGrant.objects.filter(provider=here.provider)}
    rows = [Row(box, found.get(box.pk), _is_silent(box, here)) for box in boxes]
    return show(
        request, here, "console/mailboxes.html", at="house", rows=rows, sets=here.may(SETS_MAILBOXES),
        findings=alignment.findings(here.provider), records=alignment.records(here.provider),
    )  # fmt: skip


def _is_silent(box: Mailbox, here: Here) -> bool:
    since = box.last_heard or box.created or here.provider.created
    return here.now - since > timedelta(hours=box.silent_after_hours)


@console(roles=SETS_MAILBOXES, methods=("GET", "HEAD", "POST"))
def new_mailbox(request: HttpRequest, here: Here) -> HttpResponse:
    """A new mailbox."""
    return _edit(request, here, Mailbox(provider=here.provider))


@console(roles=SETS_MAILBOXES, methods=("GET", "HEAD", "POST"))
def mailbox(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """The settings of one mailbox, in the form that changes them."""
    return _edit(request, here, _box(here, number))


def _box(here: Here, number: int) -> Mailbox:
    found = Mailbox.objects.filter(provider=here.provider, pk=number).select_related("provider").first()
    if found is None:
        raise Http404(str(number))
    return found


def _edit(request: HttpRequest, here: Here, box: Mailbox) -> HttpResponse:
    form = MailboxForm(request.POST or None, mailbox=box)
    if request.method == "POST" and form.is_valid():
        if settings.change(box, form.cleaned_data, by=here.id, now=here.now):
            messages.success(request, _("The mailbox is set. Try it: the button signs in and sends nothing."))
            return HttpResponseRedirect(reverse("mailbox", args=[here.provider.pk, box.pk]))
        form.add_error("address", _("There is a mailbox with this address already."))
    return _page(request, here, box, form, ApplicationForm(), None, 422 if form.is_bound else 200)


def _page(
    request: HttpRequest, here: Here, box: Mailbox, form: MailboxForm, application: ApplicationForm,
    trials: Sequence[Trial] | None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    return show(
        request, here, "console/mailbox.html", at="house", status=status, box=box, form=form, application=application,
        tried=trials is not None, trials=trials or (), grant=grants.grant_of(box), own_email=here.email,
    )  # fmt: skip


@console(roles=SETS_MAILBOXES, methods=("POST",))
def try_mailbox(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Sign in where the mailbox is read and where it sends; with `letter`, send one to whoever presses the button."""
    box = _box(here, number)
    trials = list(mailbox_trial.try_mailbox(box))
    if request.POST.get("do") == "letter":
        if not here.email:
            messages.error(request, _("Nobody has written down your own email address here."))
        elif box.smtp_host:
            trials.append(mailbox_trial.send_letter(box, here.email, here.now))
    well = {each.what: each.well for each in trials}
    settings.note(box, "mailbox tried", by=here.id, now=here.now, **well)
    return _page(request, here, box, MailboxForm(mailbox=box), ApplicationForm(), trials)


@console(roles=SETS_MAILBOXES, methods=("POST",))
def open_mailbox(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Let the desk into a mailbox of Microsoft 365 as an application, or end that."""
    box = _box(here, number)
    if request.POST.get("do") == "end":
        mail_sign_on.end(box, by=here.id, now=here.now)
        messages.success(request, _("A password opens the mailbox again; the tokens are gone."))
        return back_to(here, box)
    form = ApplicationForm(request.POST)
    if form.is_valid() and _let_in(here, box, form):
        messages.success(request, _("The desk is let in. Try it: the button signs in and sends nothing."))
        return back_to(here, box)
    return _page(request, here, box, MailboxForm(mailbox=box), form, None, 422)


def back_to(here: Here, box: Mailbox) -> HttpResponse:
    """On to the page of a mailbox, after something was done."""
    return HttpResponseRedirect(reverse("mailbox", args=[here.provider.pk, box.pk]))


def _let_in(here: Here, box: Mailbox, form: ApplicationForm) -> bool:
    said = form.cleaned_data
    try:
        service = SERVICES[MICROSOFT].at(said["tenant"])
    except ValueError:
        form.add_error("tenant", _("Give its id, or a domain of it such as contoso.com."))
        return False
    for part, (host, port) in (("imap", service.imap), ("smtp", service.smtp)):
        if getattr(box, f"{part}_host") not in ("", host):
            form.add_error(
                None, _("The mailbox is read from or sends through another server than Microsoft’s.")
            )
            return False
        setattr(box, f"{part}_host", host)
        setattr(box, f"{part}_port", port)
    app = Application(service, said["client_id"], home.sealed(said["client_secret"]))
    try:
        mail_sign_on.as_application(app, box, by=here.id, now=here.now)
    except grants.NotGranted as refused:
        form.add_error(None, str(refused))
        return False
    box.imap_tls, box.smtp_tls, box.token_in_return_path = True, "starttls", False
    box.save(
        update_fields=["imap_host", "imap_port", "imap_tls", "smtp_host", "smtp_port", "smtp_tls", "token_in_return_path"]
    )  # fmt: skip
    return True
