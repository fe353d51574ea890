"""Run every command of README.md, in order, in a fresh clone: documentation that runs cannot lie.

Each fenced block marked ``sh`` is one script. The block that holds ``make run`` keeps running in the
background while the later ones ask it, as a reader would do with a second terminal. What takes a reader some
minutes takes less here: the sample CRM has fewer leads.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SERVES: Final = "Ctrl-C stops it."
PATIENCE: Final = 900.0
LEADS: Final = 6_000
SMALLER: Final = f"make setup && .venv/bin/baton sample-crm --leads {LEADS}"
NEWEST: Final = ("L-019984", "L-005984")
"""One of the newest leads of the reader's sample CRM, and of the smaller one."""


def blocks(text: str) -> list[str]:
    """Return the shell blocks of a Markdown text."""
    return re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def main() -> None:
    """Run them all; the first failure ends it with exit code 1."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "baton"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        environment = {**os.environ, "PATH": f"{clone / '.venv' / 'bin'}:{os.environ['PATH']}"}
        serving: subprocess.Popen[str] | None = None
        try:
            for block in blocks((clone / "README.md").read_text(encoding="utf-8")):
                sys.stdout.write(f"\n$ {block.strip()}\n")
                sys.stdout.flush()
                if "make run" in block:
                    subprocess.run(["bash", "-euc", SMALLER], cwd=clone, env=environment, check=True)
                    serving = _serving(block, clone, environment)
                else:
                    words = ["bash", "-euo", "pipefail", "-c", block.replace(*NEWEST)]
                    subprocess.run(words, cwd=clone, env=environment, check=True)
        except subprocess.CalledProcessError as fault:
            raise SystemExit(f"README.md: a command failed with exit code {fault.returncode}") from None
        finally:
            if serving is not None:
                os.killpg(serving.pid, signal.SIGINT)
                serving.wait(timeout=60)


def _serving(block: str, clone: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    began = time.monotonic()
    process = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        sys.stdout.write(line)
        if SERVES in line:
            sys.stdout.write(f"(ready after {time.monotonic() - began:.0f} s)\n")
            return process
        if time.monotonic() - began > PATIENCE:
            break
    raise SystemExit("README.md: `make run` did not come to serve")


if __name__ == "__main__":
    main()
