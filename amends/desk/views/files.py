"""What strangers sent, handed out so that it can do nothing: downloads from outside the web root (L25)."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from amends.desk import access
from amends.desk.browser import STRANGERS_FILE, STRANGERS_PAGE
from amends.desk.documents import (
    KINDS,
    NothingEnclosed,
    NoVoice,
    WordsErased,
    document,
    file_name,
    to_print,
    told,
)
from amends.desk.message import read_message
from amends.desk.models import Document
from amends.desk.story import PRIVATE_LETTERS
from amends.desk.views.here import Here, console
from amends.desk.views.letters import visible

BYTES = "application/octet-stream"


def download(content: bytes, name: str, media_type: str = BYTES) -> HttpResponse:
    """Bytes as a file to save: never shown, never sniffed, never run.

    Only what we made ourselves is told by its media type; what a stranger sent is bytes, whatever they say it is.
    """
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    answer.headers["Content-Security-Policy"] = STRANGERS_FILE
    return answer


@console()
def upload(_: HttpRequest, here: Here, number: int) -> HttpResponse:
    """A file that came with a contact."""
    found = access.uploads_for(here.person, here.provider.pk).filter(pk=number).defer(None).first()
    if found is None or found.content is None:
        raise Http404(str(number))
    return download(bytes(found.content), found.name or f"file-{number}")


@console()
def raw(_: HttpRequest, here: Here, message: UUID) -> HttpResponse:
    """A mail with every byte as it came."""
    found = access.messages_for(here.person, here.provider.pk).filter(pk=message).defer(None).first()
    if found is None:
        raise Http404(str(message))
    return download(bytes(found.raw), f"message-{message}.eml")


@console()
def message_html(_: HttpRequest, here: Here, message: UUID) -> HttpResponse:
    """A mail's HTML, sanitised: no script, no form, no picture from afar; shown in a sandbox besides."""
    found = access.messages_for(here.person, here.provider.pk).filter(pk=message).defer(None).first()
    html = read_message(bytes(found.raw)).html if found is not None else ""
    if not html:
        raise Http404(str(message))
    answer = HttpResponse(_PAGE.format(html=html), content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = STRANGERS_PAGE
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


_PAGE = (
    '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Message as it was written</title>'
    "<style>body{{font:1rem/1.5 sans-serif;margin:1rem;max-width:45rem;overflow-wrap:anywhere}}</style></head>"
    "<body><main><h1>Message as it was written</h1>{html}</main></body></html>"
)


@console()
def letter_pdf(_: HttpRequest, here: Here, key: str) -> HttpResponse:
    """A letter as it is printed, in large print for who needs it: the PDF that was made once and is kept."""
    letter = visible(here).select_related("provider", "case").filter(key=key).first()
    if letter is None:
        raise Http404(key)
    try:
        made: Document = to_print(letter)
    except WordsErased as erased:
        raise Http404(key) from erased
    answer = HttpResponse(bytes(made.content), content_type=made.media_type)
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=False, filename=f"{key.replace('/', '-')}.pdf") or "inline"
    )
    return answer


@console()
def letter_as(_: HttpRequest, here: Here, kind: str, key: str) -> HttpResponse:
    """A letter in another format, for the person who embosses, records or sends it."""
    theirs = access.outgoing_for(here.person, here.provider.pk).exclude(letter__in=PRIVATE_LETTERS)
    letter = theirs.select_related("provider", "case").filter(key=key).first()
    if letter is None or kind not in KINDS:
        raise Http404(key)
    try:
        made = document(letter, KINDS[kind])
    except (WordsErased, NoVoice, NothingEnclosed) as none:
        raise Http404(key) from none
    return download(bytes(made.content), file_name(letter, made), told(made))
