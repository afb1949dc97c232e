"""The front page of the portal and the code in plain sight: clauses that run, hours, steps, the scheme as of today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from amends.core.calendar import UnknownDay, london_date
from amends.core.code import Channel, ContactPoint, Trigger
from amends.core.dated import NotKnown
from amends.core.hours import Timetable
from amends.core.publish.pieces import ANSWERED_BY_SOMEBODY
from amends.core.schemes import Membership, SchemeDetails, membership_on
from amends.desk import books, code_pages
from amends.desk.dates_said import opening
from amends.desk.models import SchemeMembership
from amends.desk.views.portal.chat import door_of
from amends.desk.views.portal.page import Door, opened, portal, show
from amends.law import law

_CALLED = {
    Channel.PHONE: _("Phone"),
    Channel.EMAIL: _("Email"),
    Channel.LETTER: _("Letter"),
    Channel.FORM: _("Web form"),
    Channel.WEBCHAT: _("Webchat"),
    Channel.FAX: _("Fax"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """A way to reach the provider, with its hours in words and whether somebody is there now."""

    point: ContactPoint
    href: str
    hours: str
    open_now: bool | None
    """None where no hours are stated, or nobody can know."""
    opens: datetime | None = None

    @property
    def called(self) -> str:
        """What the way is called."""
        return str(_CALLED[self.point.channel])


@portal()
def front(request: HttpRequest, at: Door) -> HttpResponse:
    """What one can do here, in plain words."""
    # The chat stands above, with whether somebody is there for it.
    others = [p for p in points(at) if p.point.channel is not Channel.WEBCHAT]
    return show(
        request,
        at,
        "portal/front.html",
        points=others,
        own=opened(request, at),
        chat_door=door_of(at),
        handles_faults=at.code is not None
        and any(p.when is Trigger.FAULT_REPORTED for p in at.code.promises),
    )


@portal()
def code(request: HttpRequest, at: Door, version: str = code_pages.IN_FORCE) -> HttpResponse:
    """The code of today, or another version of it, made from the clauses that run; where there is none, the law."""
    found = code_pages.page(at.provider, at.now, reverse("portal-code", args=[at.provider.pk]), version)
    if found is None and version != code_pages.IN_FORCE:
        raise Http404(version)
    today = london_date(at.now)
    weeks = law().adr_period.on(today).value // 7
    return show(
        request,
        at,
        "portal/code.html",
        found=found,
        own=opened(request, at),
        weeks=weeks,
        schemes=schemes(at, today),
    )


@portal()
def code_file(_request: HttpRequest, at: Door, version: str, name: str) -> HttpResponse:
    """A version of the code as a file to take away."""
    found = code_pages.download(at.provider, at.now, version, name)
    if found is None:
        raise Http404(name)
    answer = HttpResponse(found.content, content_type=found.form.media_type)
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=found.form.save, filename=found.name) or "attachment"
    )
    return answer


def points(at: Door) -> Iterator[Point]:
    """Every way to reach the provider, what is open now standing as such."""
    if at.code is None or at.code_row is None:
        return
    calendar = books.book_of(at.code_row).calendar
    for point in at.code.contacts:
        hours = at.code.hours.get(point.hours or "")
        if hours is None or point.channel not in ANSWERED_BY_SOMEBODY:
            yield Point(point, _href(point, at), opening(hours) if hours else "", None)
            continue
        table = Timetable(hours, calendar)
        try:
            is_open = table.is_open(at.now)
            yield Point(
                point,
                _href(point, at),
                opening(hours),
                is_open,
                None if is_open else table.next_opening(at.now),
            )
        except UnknownDay:
            yield Point(point, _href(point, at), opening(hours), None)


def _href(point: ContactPoint, at: Door) -> str:
    value = point.value.strip()
    if point.channel is Channel.PHONE:
        digits = "".join(c for c in value if c.isdigit() or c == "+")
        return f"tel:{digits}" if digits else ""
    if point.channel is Channel.EMAIL:
        return f"mailto:{value}"
    if point.channel is Channel.WEBCHAT:
        return reverse("chat", args=[at.provider.pk])
    if point.channel is Channel.FORM:
        bare = value.removeprefix("https://").removeprefix("http://")
        return f"https://{bare}" if "." in bare and " " not in bare else ""
    return ""


def schemes(at: Door, today: date) -> list[SchemeDetails]:
    """The provider's scheme as of today, from the law's own directory; both approved ones where none is recorded."""
    rows = SchemeMembership.objects.filter(provider=at.provider)
    member = membership_on((Membership(m.scheme, m.since, m.until) for m in rows), today)
    try:
        if member is not None:
            return [law().scheme(member.scheme).on(today)]
        return [scheme.on(today) for scheme in law().approved(today)]
    except NotKnown:
        return []
