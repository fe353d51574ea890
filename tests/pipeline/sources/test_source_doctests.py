"""The examples in the docstrings of the sources."""

import doctest
import importlib
import pkgutil

import pytest

from pipeline import sources


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(sources.__path__)])
def test_the_examples_are_true(name):
    """What a docstring shows is what happens."""
    module = importlib.import_module(f"pipeline.sources.{name}")
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0
