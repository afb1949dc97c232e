"""Each benchmark runs in a tiny size and prints its figures in the shape of docs/speed.md. No speed is asserted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from amends.bench.__main__ import BENCHMARKS
from amends.bench.figures import Figure, quantile, rounded

DOCS = (Path(__file__).parents[1] / "docs" / "speed.md").read_text(encoding="utf-8")


def bench(*arguments: str) -> Any:
    command = [sys.executable, "-W", "error", "-m", "amends.bench", "--format", "json", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "AMENDS_HOME"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", list(BENCHMARKS))
def test_a_benchmark_prints_what_is_documented(name: str) -> None:
    printed = bench("--only", name, "--cases", "12")
    assert set(printed) == {"machine", "benchmarks"}
    assert {"processor", "cores", "system", "python", "load"} == set(printed["machine"])
    (found,) = printed["benchmarks"]
    assert set(found) == {"name", "what", "conditions", "figures", "compare"}
    assert found["name"] == name
    assert {"processes", "database"} <= set(found["conditions"])
    assert found["figures"]
    for figure in found["figures"]:
        assert set(figure) == {"id", "what", "value", "unit", "aim", "met", "runs"}
        assert figure["value"] > 0, figure
        assert (figure["aim"] is None) == (figure["met"] is None)
        assert f"`{figure['id']}`" in DOCS, f"docs/speed.md does not say what {figure['id']} means"


def test_an_aim_is_met_from_the_right_side() -> None:
    assert Figure("rate", "", 151, "1/s", 150).met
    assert not Figure("rate", "", 149, "1/s", 150).met
    assert Figure("wait", "", 4.9, "ms", 5, more_is_better=False).met
    assert not Figure("wait", "", 5.1, "ms", 5, more_is_better=False).met
    assert Figure("rate", "", 1, "1/s").met is None


def test_numbers_are_printed_to_three_places_that_say_something() -> None:
    assert [rounded(x) for x in (41_234.6, 999.4, 2.9187, 0.012345)] == [41_235, 999, 2.92, 0.0123]


def test_ninety_five_of_a_hundred_are_below_the_95th() -> None:
    assert quantile([float(n) for n in range(1, 101)], 0.95) == 96
    assert quantile([7.0], 0.95) == 7
