"""The examples in the docstrings of this room."""

import doctest
import importlib
import pkgutil

import pytest

import data_checks


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(data_checks.__path__)])
def test_the_examples_are_true(name):
    """What a docstring shows is what happens."""
    module = importlib.import_module(f"data_checks.{name}")
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0
