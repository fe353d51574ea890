import pandas as pd
import pytest

from data_checks.errors import BatonError
from pipeline.sources.readable_outcomes import require_readable_outcomes
from pipeline.sources.reading import Reading
from small_world import Created, Moved, World


def reading_with(readable: int, refused: int) -> Reading:
    moves = (Moved(day, "a", "Qualified") for day in range(readable))
    history = World((Created(0, "a"), *moves)).history()
    rows = pd.DataFrame({"reasons": ["changed_at is no time"] * refused})
    return Reading(history, {"stage_changes": rows}, pd.DataFrame(), ())


@pytest.mark.parametrize(("readable", "refused"), [(0, 0), (100, 0), (95, 5), (19, 1)])
def test_a_few_unreadable_outcomes_are_dirt(readable: int, refused: int) -> None:
    """Up to one stage change in twenty may be unreadable; it is in the quarantine with its reason."""
    require_readable_outcomes(reading_with(readable, refused))


@pytest.mark.parametrize(("readable", "refused"), [(94, 6), (50, 51), (0, 3)])
def test_many_unreadable_outcomes_stop_the_run(readable: int, refused: int) -> None:
    """More of them would make conversions look like failures: the run stops with how many, and why."""
    with pytest.raises(
        BatonError, match=rf"{refused} of {readable + refused}, .*changed_at is no time.*Next: "
    ):
        require_readable_outcomes(reading_with(readable, refused))
