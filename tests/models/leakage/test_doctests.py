"""The examples in the docstrings of the audit."""

import doctest
import importlib
import pkgutil

import pytest

import models.leakage


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(models.leakage.__path__)])
def test_the_examples_are_true(name):
    """What a docstring shows is what happens."""
    module = importlib.import_module(f"models.leakage.{name}")
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0
