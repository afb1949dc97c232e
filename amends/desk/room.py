"""How much strangers may leave here in a day, by network and altogether: a flood fills no disk, a crowd gets through.

Very many customers of a provider may share one address, so a network may leave what a hundred people send with photos,
and the words of thousands. Whoever is beyond it is told plainly, and may still complain: files can follow later, and a
complaint on one page is kept only when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from amends.desk import alarms, attempts
from amends.desk.attachment import Attachment
from amends.desk.models import Provider

WITHIN: Final = timedelta(days=1)
FILES_OF_A_NETWORK: Final = 1_000_000
FILES_OF_ALL: Final = 10_000_000
"""Kilobytes of files within a day: from one network, and from all strangers together, of one provider."""
WORDS_OF_A_NETWORK: Final = 100_000
WORDS_OF_ALL: Final = 1_000_000
"""The same for answers that are kept before a complaint is sent."""
ALARM: Final = "very much was sent"
RUNBOOK: Final = "Very much is sent through the portal"

NO_FILES: Final = _(
    "We cannot take more files here today. Send us your words without them. You can send the files by email or post."
)
NO_WORDS: Final = _("We cannot keep your answers today. Please use the page with all the questions.")


def for_files(provider: Provider, network: str, files: Iterable[Attachment], now: datetime) -> bool:
    """Whether these files of a stranger may be kept; counts them if so, and raises an alarm where all is full."""
    size = sum(len(file.content) for file in files)
    return not size or _take("files", provider, network, size, (FILES_OF_A_NETWORK, FILES_OF_ALL), now)


def for_words(provider: Provider, network: str, words: Iterable[object], now: datetime) -> bool:
    """The same for answers of somebody who has sent nothing yet."""
    # What a row weighs by itself is counted too: many empty ones fill a disk as well.
    size = 1024 + sum(len(str(each).encode("utf-8", "replace")) for each in words)
    return _take("words", provider, network, size, (WORDS_OF_A_NETWORK, WORDS_OF_ALL), now)


def _take(
    what: str, provider: Provider, network: str, size: int, limits: tuple[int, int], now: datetime
) -> bool:
    kilobytes = -(-size // 1024)
    own = attempts.key(f"{what} from", provider.pk, network)
    if not attempts.take(own, now, limits[0], WITHIN, kilobytes):
        return False
    if attempts.take(attempts.key(f"{what} from all", provider.pk), now, limits[1], WITHIN, kilobytes):
        return True
    text = (
        f"Strangers have sent {provider.name} more {what} through its portal within a day than the desk keeps: "
        f"until the day is over no more {what} are kept there before a complaint is sent."
        if what == "words"
        else f"Strangers have sent {provider.name} more files through its portal within a day than the desk takes: "
        "until the day is over it takes complaints without files."
    )
    alarms.raise_all([alarms.alarm(ALARM, f"{provider.pk}/{what}", text, RUNBOOK, now, provider.pk)])
    return False
