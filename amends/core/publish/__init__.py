"""The published code: the page that customers read, made from the clauses that run, on a day, in any format.

`publish` makes a `PublishedCode`; `fragment` shows it as HTML, `blocks` as the blocks that every other format is made
from, `as_json` as data.
"""

from amends.core.publish.around import Around, Edition, Offer
from amends.core.publish.as_blocks import blocks, title
from amends.core.publish.as_json import as_json
from amends.core.publish.json_schema import json_schema
from amends.core.publish.page import fragment
from amends.core.publish.press import publish
from amends.core.publish.published import PublishedCode, Standing

__all__ = [
    "Around",
    "Edition",
    "Offer",
    "PublishedCode",
    "Standing",
    "as_json",
    "blocks",
    "fragment",
    "json_schema",
    "publish",
    "title",
]
