from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from features.by_lead import by_lead


@given(
    st.lists(
        st.integers(0, 2**40) | st.integers(0, 9) | st.sampled_from([2**16 - 1, 2**16, 2**17]), max_size=50
    )
)
def test_events_are_in_order_of_their_leads_and_else_as_they_were(leads):
    """Whatever the leads' positions, by_lead is the stable order of comparison."""
    lead = np.array(leads, np.int64)
    assert by_lead(lead).tolist() == np.argsort(lead, kind="stable").tolist()
