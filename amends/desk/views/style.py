"""A provider's accent as a style sheet of its own: named by the colour, so that it can be kept for a year."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from amends.desk.accent import shades


@require_safe
def accent(_: HttpRequest, colour: str) -> HttpResponse:
    """The legible shades of a colour, such as `1b4f72`, for light and dark pages."""
    found = shades(f"#{colour}")
    sheet = (
        f":root{{--accent:{found.light};--on-accent:{found.on_light}}}\n"
        f"@media (prefers-color-scheme: dark){{:root{{--accent:{found.dark};--on-accent:{found.on_dark}}}}}\n"
    )
    answer = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
