import pytest

from data_checks.tables import CrmHistory, empty_table
from features.census import Census
from features.from_history import records_from_history
from features.profile import Profile
from features.profiling import profile_of
from small_tables import table
from small_world import shuffled_history
from whole_catalogue import AGREEMENT, SETTINGS, whole_profile, whole_world


def profile_of_column(texts: list[str | None], field: str = "custom") -> Profile:
    rows = [{"lead_id": f"L{row}", "created_at": 0, field: text} for row, text in enumerate(texts)]
    records = records_from_history(CrmHistory(table("leads", rows, [field])))
    return profile_of(Census.of(records, AGREEMENT), empty_table("campaigns"), AGREEMENT, SETTINGS)


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1", "2", "3"], "number"),
        ([*["1", "2"] * 50, "about 200"], "number"),
        ([*["1", "2"] * 5, "about 200"], "category"),
        (["2026-01-01", "2026-01-02"], "time"),
        (["Web", "web", "Fair"], "category"),
        (["a", "b", "c", None], "presence"),
        (["a", "b", "c"], None),
        (["a", "a", "a"], None),
        (["a", None, "N/A"], "presence"),
        ([None, "", "n/a"], None),
        ([], None),
    ],
)
def test_a_column_is_read_as_what_it_holds(texts: list[str | None], kind: str | None) -> None:
    """Numbers and dates if nearly all texts read so, else categories, else filled or not, else nothing."""
    assert profile_of_column(texts).columns.get("custom") == kind


def test_the_agreement_says_how_a_column_is_read() -> None:
    """A clause of the agreement decides how a column is read, whatever its texts look like."""
    assert profile_of_column(["big", "small", "big"], "annual_revenue").columns["annual_revenue"] == "number"
    assert profile_of_column(["1", "2", "3"], "bbb_rating").columns["bbb_rating"] == "scale"


@pytest.mark.parametrize("field", ["stage", "email", "owner_id"])
def test_todays_state_and_forbidden_columns_are_not_read(field: str) -> None:
    """A column that holds today's state, or must never be used, has no kind and no vocabulary."""
    profile = profile_of_column(["x", "x", "y"], field)
    assert field not in profile.columns
    assert field not in profile.vocabularies


@pytest.mark.parametrize("seed", range(5))
def test_a_profile_does_not_depend_on_the_order_of_rows(seed: int) -> None:
    """A history whose rows arrive in another order has the same profile."""
    history = shuffled_history(whole_world().history(), seed)
    assert (
        profile_of(
            Census.of(records_from_history(history), AGREEMENT), history.campaigns, AGREEMENT, SETTINGS
        )
        == whole_profile()
    )
