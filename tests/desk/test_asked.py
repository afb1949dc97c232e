"""A question composed once gives what the ORM gives, whatever the values, and none is asked that would change them."""

from datetime import UTC, date, datetime

import pytest

from amends.desk.asked import Asked
from amends.desk.models import Mailbox, Provider, SchemeMembership

BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
NAMES = (
    "plain",
    "a'; DROP TABLE desk_provider; --",
    "100 %s",
    "under_score",
    "back\\slash",
    "Ærø ☎",
    "\x01place 0\x01",
)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_it_finds_what_the_orm_finds(name: str) -> None:
    for each in NAMES:
        Provider.objects.create(slug=f"p{NAMES.index(each)}", name=each, created=BEGAN)
    question = Asked(lambda n: Provider.objects.filter(name=n).values_list("slug", "name"), str)
    assert question(name) == [(f"p{NAMES.index(name)}", name)]
    assert question("nobody") == []
    assert question(name) == list(Provider.objects.filter(name=name).values_list("slug", "name"))


@pytest.mark.django_db
def test_numbers_constants_and_columns_of_other_kinds_go_through_it() -> None:
    provider = Provider.objects.create(slug="larkfield", name="Larkfield", created=BEGAN)
    made = SchemeMembership.objects.create(provider=provider, scheme="cisas", since=date(2020, 2, 3))
    question = Asked(
        lambda pk, slug: (
            SchemeMembership.objects.filter(pk=pk, provider=slug, scheme="cisas")
            .values_list("since", "until")
            .order_by("since")[:5]
        ),
        int, str,
    )  # fmt: skip
    assert question(made.pk, "larkfield") == [(date(2020, 2, 3), None)]
    assert question(made.pk, "another") == question(made.pk + 1, "larkfield") == []


@pytest.mark.django_db
@pytest.mark.parametrize("lookup", ["address__contains", "address__istartswith"])
def test_a_lookup_that_changes_its_value_is_refused(lookup: str) -> None:
    question = Asked(lambda a: Mailbox.objects.filter(**{lookup: a}).values_list("pk"), str)
    with pytest.raises(AssertionError, match="changed on its way"):
        question("care@larkfield.example")


@pytest.mark.django_db
def test_a_value_that_is_not_used_is_refused() -> None:
    question = Asked(lambda a, _: Mailbox.objects.filter(address=a).values_list("pk"), str, str)
    with pytest.raises(AssertionError, match="not used"):
        question("care@larkfield.example", "larkfield")
