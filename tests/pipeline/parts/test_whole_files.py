import pytest

from pipeline.parts.whole_files import part_file, whole_file


def test_a_file_is_whole_or_not_there(tmp_path):
    """What is written shows only when it is complete; a failure leaves nothing, not even its beginning."""
    path = tmp_path / "parts" / "one"
    with pytest.raises(RuntimeError):
        write_half(path)
    assert not list(path.parent.iterdir())
    with whole_file(path) as unfinished:
        unfinished.write_text("whole")
        assert not path.exists()
    assert [found.name for found in path.parent.iterdir()] == ["one"]


def write_half(path):
    with whole_file(path) as unfinished:
        unfinished.write_text("hal")
        raise RuntimeError


def test_two_that_write_one_file_do_not_meet(tmp_path):
    """A task and its speculative copy have names of their own, and either leaves a whole file."""
    path = tmp_path / "one"
    with whole_file(path) as first, whole_file(path) as second:
        assert first != second
        first.write_text("same")
        second.write_text("same")
    assert path.read_text() == "same"
    assert len(list(tmp_path.iterdir())) == 1


def test_parts_are_in_order_of_their_names(tmp_path):
    """Sorted by name, the files of parts are in order of the parts."""
    names = [part_file(tmp_path, part).name for part in (2, 10, 99, 100, 12345)]
    assert names == sorted(names)
