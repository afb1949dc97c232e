"""Which numbers move: the narrowest rule holds, a range is answered number for number, and days of a move can be.

N-port-out, N-port-deals, N-port-in, F-porting.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.care.porting import Answer, Rule, Way, agreed, answers, delay

DAY = date(2026, 11, 2)
HERE, AWAY = Way.HERE, Way.AWAY
RULES = (
    Rule("44", moves=True, why="UK numbers move"),
    Rule("44", moves=True, why="Agreement with Blue Telecom", partner="Blue Telecom, Inc."),
    Rule("4470", moves=False, why="Personal numbers stay with their network"),
    Rule("1", moves=False, why="No agreement in North America"),
    Rule("1", moves=True, why="Agreement with Blue Telecom", partner="Blue Telecom, Inc."),
    Rule("44207", moves=False, why="Our switch there takes no numbers in", way=HERE),
    Rule("49", moves=True, why="", since=date(2026, 12, 1)),
    Rule("33", moves=True, why="", until=DAY),
)


@pytest.mark.parametrize(
    ("number", "way", "partner", "moves"),
    [
        (441632960001, AWAY, "Any", True),
        (447012345678, AWAY, "Any", False),
        (447012345678, AWAY, "blue telecom inc", False),
        (12125550100, AWAY, "Any", False),
        (12125550100, AWAY, "blue telecom inc", True),
        (442079460000, HERE, "Any", False),
        (442079460000, AWAY, "Any", True),
        (4930123456, AWAY, "Any", None),
        (33123456789, AWAY, "Any", None),
    ],
)
def test_the_narrowest_rule_that_holds_says_whether_a_number_moves(
    number: int, way: Way, partner: str, moves: bool | None
) -> None:
    (found,) = answers(number, number, way, partner, DAY, RULES)
    assert found.moves is moves


def test_a_range_that_two_rules_part_has_an_answer_for_each_part() -> None:
    rules = (Rule("44", moves=True, why="a"), Rule("44207946005", moves=False, why="b"))
    assert answers(442079460040, 442079460079, AWAY, "", DAY, rules) == (
        Answer(442079460040, 442079460049, True, "a"),
        Answer(442079460050, 442079460059, False, "b"),
        Answer(442079460060, 442079460079, True, "a"),
    )


STARTS = st.from_regex(r"[1-9][0-9]{0,4}", fullmatch=True)
RULE = st.builds(
    Rule, STARTS, st.booleans(), st.sampled_from(["a", "b"]), st.sampled_from([None, HERE, AWAY]),
    st.sampled_from(["", "Blue", "Red"]),
)  # fmt: skip


@given(
    st.lists(RULE, max_size=6),
    st.integers(10000, 99900),
    st.integers(0, 99),
    st.sampled_from(["Blue", "Green"]),
)
def test_a_range_is_answered_as_each_of_its_numbers_by_itself(
    rules: list[Rule], first: int, more: int, partner: str
) -> None:
    found = answers(first, first + more, AWAY, partner, DAY, rules)
    assert found[0].first == first
    assert found[-1].last == first + more
    for number in range(first, first + more + 1):
        (part,) = (a for a in found if a.first <= number <= a.last)
        (alone,) = answers(number, number, AWAY, partner, DAY, rules)
        assert (part.moves, part.why) == (alone.moves, alone.why)


def test_a_move_is_late_by_the_days_after_the_agreed_one_and_not_before_one_is_agreed() -> None:
    assert delay({}, DAY) is None
    late = delay({"agreed": "2026-11-02", "moved": "2026-11-05", "doing": "ours"}, date(2026, 11, 9))
    assert late is not None
    assert late.days == 3
    port = agreed({"agreed": "2026-11-02", "doing": "the other provider’s"})
    assert port is not None
    assert not port.our_doing
