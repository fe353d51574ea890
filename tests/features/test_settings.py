import pytest
from pydantic import ValidationError

from features.settings import FeatureSettings


@pytest.mark.parametrize("days", [0, -7, 731, float("nan"), 0.00001])
def test_a_window_is_between_a_minute_and_two_years(days: float) -> None:
    """A window that the timeline cannot look through is refused where it is set."""
    with pytest.raises(ValidationError, match="windows_days"):
        FeatureSettings(windows_days=(days,))
