"""The chat of the portal: begun in its hours, written line by line, found again after a reload, ended by either side.

A browser is known to its chat by a cookie that nobody can guess and no address shows. Without JavaScript one presses
a button to look for new words, which keeps what is typed; with it the page looks by itself.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from amends.desk import attempts, books, chat_filing, chats
from amends.desk.actions import THE_CUSTOMER
from amends.desk.browser import OWN_FRAME
from amends.desk.chat_door import ChatDoor, Shut, chat_door
from amends.desk.chat_filing import Ending
from amends.desk.chats import Came
from amends.desk.forms.chat import Begin, ChatWords
from amends.desk.houses import access_code
from amends.desk.models import Chat, ChatLine, Writer
from amends.desk.now import now
from amends.desk.signing.log import network_of
from amends.desk.views.portal.one_page import asked
from amends.desk.views.portal.page import CHAT, SESSION, Door, let_in, opened, portal, show

KEPT_FOR: Final = timedelta(hours=12)
"""How long a browser finds its chat again, also one that is over."""
BEGUN: Final = 20
BEGUN_WITHIN: Final = timedelta(hours=1)
"""So many chats may begin from one network within such a time; whoever is beyond it gets the message form."""
LOOK_AGAIN: Final = 10
"""Seconds after which the small page that tells of new words looks again by itself."""


@portal("GET", "HEAD", "POST")
def chat(request: HttpRequest, at: Door) -> HttpResponse:
    """The chat of this browser; where it has none, the way into one, or a message form."""
    own = _own(request, at)
    if own is not None:
        return _chat(request, at, own)
    door = door_of(at)
    if door.shut is Shut.NONE:
        return HttpResponseRedirect(reverse("complain", args=[at.provider.pk]))
    return _begin(request, at, door) if request.method == "POST" else _entrance(request, at, door)


def door_of(at: Door) -> ChatDoor:
    """Whether the chat of this provider is open now."""
    calendar = books.book_of(at.code_row).calendar if at.code_row is not None else None
    return chat_door(at.provider.pk, at.code, calendar, at.now)


def _own(request: HttpRequest, at: Door) -> Chat | None:
    return chats.of_browser(at.provider.pk, request.COOKIES.get(CHAT, ""))


def _entrance(request: HttpRequest, at: Door, door: ChatDoor, form: Begin | None = None) -> HttpResponse:
    row = opened(request, at)
    if not door.is_open:
        words = form.data.get("words", "") if form is not None else ""
        return asked(request, at, "portal/chat_shut.html", words=words, chat_door=door, own=row)
    found = form or Begin(known=row is not None)
    status = 422 if found.is_bound else 200
    return show(
        request, at, "portal/chat_begin.html", status=status, form=found, chat_door=door, own=row, row=row
    )


def _begin(request: HttpRequest, at: Door, door: ChatDoor) -> HttpResponse:
    row = opened(request, at)
    form = Begin(request.POST, known=row is not None)
    if not door.is_open or not form.is_valid():
        return _entrance(request, at, door, form)
    if not attempts.take(
        attempts.key("chat", at.provider.pk, network_of(request)), at.now, BEGUN, BEGUN_WITHIN
    ):
        return _entrance(request, at, ChatDoor(door.point, Shut.FULL, door.hours), form)
    said = form.cleaned_data
    came = Came(said.get("name", ""), said.get("email", ""))
    if row is not None:
        address = str(request.session[SESSION]["address"])
        came = Came(address or row.customer_name, "", row, address)
    _begun, token = chats.begin(at.provider, came, said["words"], door.notice, at.now)
    answer = HttpResponseRedirect(reverse("chat", args=[at.provider.pk]))
    answer.set_cookie(
        CHAT, token, max_age=KEPT_FOR, path=reverse("portal", args=[at.provider.pk]), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def _chat(request: HttpRequest, at: Door, own: Chat) -> HttpResponse:
    if request.method != "POST":
        return _page(request, at, own)
    form, what = ChatWords(request.POST), request.POST.get("do", "say")
    if what == "end":
        return _ended(at, own)
    if what == "look":
        form.is_valid()
        form.quiet()
        return _page(request, at, own, form)
    if not form.is_valid():
        return _page(request, at, own, form, status=422)
    said = form.cleaned_data
    refusal = chats.say(own.pk, Writer.CUSTOMER, said["words"], at.now, nonce=said["nonce"])
    own.refresh_from_db()
    if refusal is not None:
        form.add_error("words", f"{refusal.what}. {refusal.mend}")
        return _page(request, at, own, form, status=409 if own.over else 422)
    return HttpResponseRedirect(reverse("chat", args=[at.provider.pk]))


def _ended(at: Door, own: Chat) -> HttpResponse:
    chats.leave(own.pk, at.now)
    own.refresh_from_db()
    if not own.person:
        chat_filing.file(own.pk, THE_CUSTOMER, at.now, Ending("left"))
    return HttpResponseRedirect(reverse("chat", args=[at.provider.pk]))


def _page(
    request: HttpRequest, at: Door, own: Chat, form: ChatWords | None = None, *, status: int = 200
) -> HttpResponse:
    lines = list(ChatLine.objects.filter(chat=own).order_by("seq"))
    if form is None:
        form = ChatWords(initial={"nonce": secrets.token_urlsafe(12)})
    more: dict[str, Any] = {}
    if own.over and own.case is not None:
        more = {
            "row": own.case if own.opened_case or own.proved_id == own.case_id else None,
            "access_code": access_code(own.case) if own.opened_case else "",
        }
    return show(
        request, at, "portal/chat.html", status=status, chat=own, lines=lines, form=form, own=opened(request, at),
        version=_version(own), unsent=form.data.get("words", "") if own.over and form.is_bound else "",
        answered=any(line.writer == Writer.PERSON for line in lines), **more,
    )  # fmt: skip


def _version(own: Chat) -> str:
    return chats.version(own.lines, own.state, own.person, left=own.customer_left)


@require_http_methods(["GET", "HEAD"])
def chat_news(request: HttpRequest, provider: str) -> HttpResponse:
    """Whether anything has happened in this browser's chat: a few letters, asked for every few seconds."""
    found = chats.glance(provider, request.COOKIES.get(CHAT, ""), now())
    return HttpResponse(found.version if found else "", content_type="text/plain; charset=utf-8")


@xframe_options_sameorigin
@portal()
def chat_bell(request: HttpRequest, at: Door) -> HttpResponse:
    """A small page for a browser without JavaScript: it looks again by itself and says when there are new words."""
    seen = request.GET.get("seen", "")
    found = chats.glance(at.provider.pk, request.COOKIES.get(CHAT, ""), at.now)
    answer = show(request, at, "parts/bell.html", new=found is not None and found.version != seen)
    answer.headers["Content-Security-Policy"] = OWN_FRAME
    if request.GET.get("still") != "yes":
        # A header, so that a press of the link beneath stops it: what moves by itself can be stopped (WCAG 2.2.2).
        answer.headers["Refresh"] = str(LOOK_AGAIN)
    return answer


@portal("POST")
def chat_case(request: HttpRequest, at: Door) -> HttpResponse:
    """See the case that this browser's chat has opened."""
    own = _own(request, at)
    if own is None or own.case is None or not own.opened_case:
        return HttpResponseRedirect(reverse("follow", args=[at.provider.pk]))
    let_in(request, own.case, at.now)
    return HttpResponseRedirect(reverse("my-case", args=[at.provider.pk]))


@portal("POST")
def chat_again(request: HttpRequest, at: Door) -> HttpResponse:
    """Let go of a chat that is over, or that one has ended: this browser may begin another."""
    own = _own(request, at)
    answer = HttpResponseRedirect(reverse("chat", args=[at.provider.pk]))
    if own is None or own.over or own.customer_left:
        forget(answer, at)
    return answer


def forget(answer: HttpResponse, at: Door) -> None:
    """This browser finds its chat here no longer."""
    answer.delete_cookie(CHAT, path=reverse("portal", args=[at.provider.pk]), samesite="Lax")
