"""To follow one's case: by reference and access code, or by a link that is mailed to the address that we know.

The answer to a wrong reference and to a wrong code is the same, and so is the answer to whoever asks for a link.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.desk import access, attempts, begun
from amends.desk.access import LINK_LASTS, Locked, NotYours
from amends.desk.address import Address
from amends.desk.dates_said import time
from amends.desk.forms.portal import AskLink, Follow
from amends.desk.houses import portal as portal_address
from amends.desk.models import CaseAddress, CaseRow
from amends.desk.record import LetterMissing, docket
from amends.desk.reference import normal
from amends.desk.signing.log import network_of
from amends.desk.views.portal.page import BROWSER, CHAT, Door, let_in, let_out, opened, portal, show

LINKS: Final = 3
LINKS_WITHIN: Final = timedelta(hours=1)
"""So many links may be asked for a case within such a time: nobody's mailbox is filled by a stranger."""


@portal("GET", "HEAD", "POST")
def follow(request: HttpRequest, at: Door) -> HttpResponse:
    """Open one's case by reference and code."""
    form = Follow(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = access.case_for_customer(
                at.provider.pk, said["reference"], said["code"], network=network_of(request), now=at.now
            )
        except Locked as locked:
            form.add_error(
                None,
                _(
                    "Too many wrong tries. Please try again after %(time)s, or have a link sent to you: see below."
                )
                % {"time": time(locked.until)},
            )
        except NotYours:
            form.add_error(
                None, _("The reference and the code do not fit together. Both stand in our letters to you.")
            )
        else:
            let_in(request, row, at.now)
            return HttpResponseRedirect(reverse("my-case", args=[at.provider.pk]))
    return _page(request, at, form, AskLink(), 422 if form.is_bound else 200)


def _page(request: HttpRequest, at: Door, form: Follow, link: AskLink, status: int = 200) -> HttpResponse:
    return show(
        request, at, "portal/follow.html", status=status, form=form, link=link, own=opened(request, at)
    )


@portal("POST")
def ask_link(request: HttpRequest, at: Door) -> HttpResponse:
    """Send a link, where reference and address fit a case. Whoever asks is told the same either way."""
    form = AskLink(request.POST)
    if not form.is_valid():
        return _page(request, at, Follow(), form, 422)
    said = form.cleaned_data
    row = _case_of(at, said["reference"], said["email"])
    if row is not None and attempts.take(
        attempts.key("link", at.provider.pk, row.reference), at.now, LINKS, LINKS_WITHIN
    ):
        _send(at, row, said["email"])
    return show(request, at, "portal/link_sent.html", minutes=LINK_LASTS // timedelta(minutes=1))


def _case_of(at: Door, reference: str, email: str) -> CaseRow | None:
    """The case with this reference, if this address is its customer's or another party's."""
    wanted = Q(
        case__reference=normal(reference) or reference.strip().upper(), address_key=Address("", email).key
    )
    found = CaseAddress.objects.filter(wanted, provider=at.provider).select_related("case").first()
    return found.case if found else None


def _send(at: Door, row: CaseRow, email: str) -> None:
    token = access.make_link(row, email, now=at.now)
    # The letter is kept: it gives the name of the link only, and the mail gets the rest as it leaves.
    link = f"{portal_address(at.provider.pk)}link/{token.partition('.')[0]}"
    until = (at.now + LINK_LASTS).isoformat()
    try:
        with docket(row.pk, now=at.now) as taken:
            taken.write(
                taken.cases[row.pk], "access-link", channel="email", to=email, extra={"link": link, "link until": until},
                why="the customer asked for a link",
            )  # fmt: skip
    except LetterMissing as missing:
        raise AssertionError("a case that has a reference can have its link written") from missing


@portal("GET", "HEAD", "POST")
def link(request: HttpRequest, at: Door, token: str) -> HttpResponse:
    """A link from a letter: looking at it shows a button, and only the press of it spends the link."""
    try:
        if request.method == "POST":
            spent = access.spend(at.provider.pk, token, now=at.now)
            let_in(request, spent.case, at.now, spent.address)
            return HttpResponseRedirect(reverse("my-case", args=[at.provider.pk]))
        access.look_at_link(at.provider.pk, token, now=at.now)
    except NotYours:
        return _guarded(show(request, at, "portal/link_over.html", status=404))
    return _guarded(show(request, at, "portal/link.html"))


def _guarded(answer: HttpResponse) -> HttpResponse:
    """The address of this page is a key: no other page may learn it from the browser."""
    # The token stands in the address. "no-referrer" would also keep our own origin from the press of the button, and a
    # press from nowhere is refused as forged.
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


@portal("POST")
def leave(request: HttpRequest, at: Door) -> HttpResponse:
    """Close the case on this device."""
    let_out(request)
    answer = HttpResponseRedirect(reverse("portal", args=[at.provider.pk]))
    # Whoever comes next to this device and goes back to the form sends another complaint, and is not let in here; nor
    # do they find what was begun on it.
    begun.throw_away(at.provider, request.COOKIES.get(BROWSER, ""))
    answer.delete_cookie(BROWSER, samesite="Lax")
    answer.delete_cookie(CHAT, path=reverse("portal", args=[at.provider.pk]), samesite="Lax")
    return answer
