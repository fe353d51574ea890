import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_family_is_weighed() -> None:
    """The benchmark leaves out one family after the other, and its last line is one JSON object."""
    words = [sys.executable, "benchmarks/family_worth.py", "--leads", "1500", "--rounds", "15"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    worth = json.loads(told[-1])["worth"]["seed 7"]
    assert {"demographic", "behaviour", "timing", "account and market"} <= set(worth)
    assert all(one["low"] <= one["log_loss"] <= one["high"] for one in worth.values())
