"""Letters by what became of them, each as it looked; what waits for the post is printed and marked here."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amends.core.calendar import london_date
from amends.desk import access, batches, enclosed, voice
from amends.desk.documents import RECORDING
from amends.desk.forms.posting import Posted
from amends.desk.lost_letters import LOST, replacement, unreplaced
from amends.desk.models import Outgoing
from amends.desk.queue import MOST
from amends.desk.story import LETTER_TITLES, PRIVATE_LETTERS
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import Tab, few, show

PAGE: Final = 25
FORMATS: Final = (
    ("large-print", gettext_lazy("Large print")),
    ("brf", gettext_lazy("Braille file")),
    ("audio", gettext_lazy("Recording")),
    ("script", gettext_lazy("Script to read aloud")),
    ("txt", gettext_lazy("Plain text")),
)
"""In what else a person may have a letter: the names of `documents.KINDS`."""
SETTLED: Final = ("sent", "posted")
TABS: Final = {
    "trouble": (gettext_lazy("In trouble"), ("in doubt", *LOST)),
    "post": (gettext_lazy("To post"), ("to post",)),
    "held": (gettext_lazy("Held"), ("held",)),
    "ready": (gettext_lazy("Leaving"), ("ready", "claimed")),
    "sent": (gettext_lazy("Left"), SETTLED),
}


def visible(here: Here) -> QuerySet[Outgoing]:
    """The letters that this person may see: those that carry a key are their reader's alone."""
    return access.outgoing_for(here.person, here.provider.pk).exclude(letter__in=PRIVATE_LETTERS)


_REFUSALS = 5
"""So many letters that could not be marked are named, each with why; the rest are counted."""


@console()
def letters(request: HttpRequest, here: Here) -> HttpResponse:
    """A list of letters: what waits, the oldest first; what has left, the newest first. It opens where something waits."""
    counts = {
        name: _few(unreplaced(visible(here)), states)
        for name, (_words, states) in TABS.items()
        if name != "sent"
    }
    tab = request.GET.get("state", "")
    if tab not in TABS:
        tab = next((name for name, count in counts.items() if count != "0"), "trouble")
    after = request.GET.get("from", "")
    if tab == "post":
        rows, onward = _to_post(here, after)
    else:
        rows, onward = _turned(unreplaced(visible(here)), TABS[tab][1], after, newest_first=tab == "sent")
    tabs = [
        Tab(words, f"?state={name}", name == tab, counts.get(name, ""))
        for name, (words, _states) in TABS.items()
    ]
    return show(
        request, here, "console/letters.html", at="letters", tabs=tabs, tab=tab, onward=onward,
        letters=[(row, LETTER_TITLES.get(row.letter, row.letter)) for row in rows], today=london_date(here.now),
        form=Posted(keys=[], today=london_date(here.now)) if tab == "post" else None,
    )  # fmt: skip


def _few(found: QuerySet[Outgoing], states: tuple[str, ...]) -> str:
    """How many letters are in these states, counted no further than a person would read."""
    count = len(found.filter(state__in=states).order_by().values_list("pk")[: MOST + 1])
    return few(min(count, MOST), count > MOST)


def _to_post(here: Here, after: str) -> tuple[list[Outgoing], str]:
    """What waits for the post, in posting order."""
    found = batches.waiting(here.provider.pk).filter(pk__in=visible(here).values("pk"))
    last = found.filter(pk=int(after)).first() if after.isdecimal() and len(after) < 19 else None
    if last is not None:
        behind = Q(post_by__gt=last.post_by) | Q(post_by=last.post_by, id__gt=last.pk)
        found = found.filter(Q(lane__gt=last.lane) | Q(lane=last.lane) & behind)
    rows = list(_shown(found)[: PAGE + 1])
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def _turned(
    found: QuerySet[Outgoing], states: tuple[str, ...], after: str, *, newest_first: bool
) -> tuple[list[Outgoing], str]:
    last = int(after) if after.isdecimal() and len(after) < 19 else 0
    if newest_first:
        # Most letters have left: reading back from the newest finds a page of them at once.
        left = found.filter(state__in=states, **({"id__lt": last} if last else {}))
        rows = list(_shown(left).order_by("-id")[: PAGE + 1])
    else:
        ids = _oldest(found, states, last)
        rows = sorted(_shown(found.filter(pk__in=ids)), key=lambda row: ids.index(row.pk))
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def _shown(found: QuerySet[Outgoing]) -> QuerySet[Outgoing]:
    return found.select_related("case", "batched__batch").defer("words", "text", "html")


def _oldest(found: QuerySet[Outgoing], states: tuple[str, ...], last: int) -> list[int]:
    """The ids of a page of letters, the oldest first: each state by itself is one range of the index, a list is none."""
    at = Outgoing.objects.filter(pk=last).values_list("decided_at", flat=True).first() if last else None
    if at is not None:
        found = found.filter(decided_at__gte=at).filter(Q(decided_at__gt=at) | Q(id__gt=last))
    each = [found.filter(state=state).order_by().values_list("decided_at", "id") for state in states]
    return [pk for _at, pk in each[0].union(*each[1:], all=True).order_by("decided_at", "id")[: PAGE + 1]]


def _letter(here: Here, key: str) -> Outgoing:
    found = visible(here).select_related("case", "provider").filter(key=key).first()
    if found is None:
        raise Http404(key)
    return found


@console()
def letter(request: HttpRequest, here: Here, key: str) -> HttpResponse:
    """One letter as it looked, and what became of it."""
    found = _letter(here, key)
    return show(
        request, here, "console/letter.html", at="letters", letter=found,
        title=LETTER_TITLES.get(found.letter, found.letter), may_post=here.works and found.state == "to post",
        form=Posted(keys=[found.key], today=london_date(here.now)), by_post=found.state == "posted",
        papers=enclosed.files(found),
        instead=replacement(found),
        formats=[(name, words) for name, words in FORMATS if name != RECORDING.name or voice.there()],
    )  # fmt: skip


@console(roles=WORK, methods=("POST",))
def posted(request: HttpRequest, here: Here) -> HttpResponse:
    """Mark letters as posted on a day, each by itself or a whole batch."""
    keys = request.POST.getlist("keys")[: batches.LARGEST]
    waiting = dict(visible(here).filter(key__in=keys, state="to post").values_list("key", "case_id"))
    form = Posted(request.POST, keys=list(waiting), today=london_date(here.now))
    if not waiting:
        messages.info(
            request,
            _("No letter was marked: tick those that were posted. Others may have marked them already."),
        )
    elif not form.is_valid():
        messages.error(request, " ".join(words for _at, words in form.mistakes))
    else:
        said = form.cleaned_data
        chosen = {key: waiting[key] for key in said["keys"]}
        count, refused = batches.posted(chosen, said["on"], said["certificate"], here.actor, here.now)
        for refusal in refused[:_REFUSALS]:
            messages.error(request, str(refusal))
        more = len(refused) - _REFUSALS
        if more > 0:
            rest = ngettext(
                "And %(count)d more letter was not.", "And %(count)d more letters were not.", more
            )
            messages.error(request, rest % {"count": more})
        words = ngettext(
            "%(count)d letter is marked as posted.", "%(count)d letters are marked as posted.", count
        )
        messages.success(request, words % {"count": count})
    number = request.POST.get("batch", "")
    if (
        number.isdecimal()
        and access.batches_for(here.person, here.provider.pk).filter(number=int(number[:9])).exists()
    ):
        return HttpResponseRedirect(reverse("batch", args=[here.provider.pk, int(number[:9])]))
    return HttpResponseRedirect(f"{reverse('letters', args=[here.provider.pk])}?state=post")
