import pickle
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.parts.shared import Shared


@dataclass(frozen=True)
class Several:
    """Arrays of different kinds beside something that is none."""

    arrays: tuple[NDArray, ...]
    text: str


def several() -> Several:
    empty, flags = np.empty(0), np.array([True, False, True])
    strided = np.arange(10).reshape(5, 2)[:, 1]
    return Several((empty, flags, np.arange(100_000), strided, np.array([[1.5, np.nan]])), "Ä")


def test_a_shared_value_is_what_it_was(tmp_path):
    """Every array comes back as it was, whatever its type, length and layout, and the rest too."""
    found = Shared.of(several(), tmp_path / "several").value()
    assert found.text == "Ä"
    for one, other in zip(found.arrays, several().arrays, strict=True):
        np.testing.assert_array_equal(one, other, strict=True)


def test_a_shared_value_is_sent_as_a_name(tmp_path):
    """However long the arrays are, what goes to a worker is short, and leads to the same value."""
    sent = pickle.dumps(Shared.of(several(), tmp_path / "several"))
    assert len(sent) < 1000
    np.testing.assert_array_equal(pickle.loads(sent).value().arrays[2], np.arange(100_000))


def test_shared_arrays_are_views_that_nobody_writes_to(tmp_path):
    """A long array is a view of the file; a worker that tried to change it for all others is refused."""
    found = Shared.of(several(), tmp_path / "several").value().arrays[2]
    assert not found.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        found[0] = 1


def test_a_file_written_anew_is_read_anew(tmp_path):
    """The value that a process keeps is that of the file as it is now."""
    path = tmp_path / "several"
    Shared.of(Several((), "old"), path).value()
    assert Shared.of(Several((), "new"), path).value().text == "new"
