"""How Hypothesis looks for counter-examples: alike on every run; `--hypothesis-profile=hunt` looks longer."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "repeatable",
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("hunt", settings.get_profile("repeatable"), max_examples=1000, derandomize=False)
settings.load_profile("repeatable")
