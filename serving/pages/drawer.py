"""Draws pictures for another process: Vega-Lite in, SVG out, a line of JSON each.

    python -m serving.pages.drawer

The engine that draws holds the interpreter for a twentieth to a sixth of a second, in which a service
could neither score nor answer: so it has a process of its own. It ends when nobody writes to it any more.
"""

from __future__ import annotations

import json
import os
import signal
import sys


def main() -> None:
    """Answer each line with its picture, or with what is wrong with it."""
    # Whoever interrupts a service by keyboard interrupts its whole group; this one ends with its service.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What the engine itself may print is no answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin.buffer:
        answers.write(json.dumps(_drawn(json.loads(line))).encode() + b"\n")
        answers.flush()


def _drawn(spec: dict[str, object]) -> dict[str, str]:
    import vl_convert

    try:
        return {"svg": vl_convert.vegalite_to_svg(spec)}
    except Exception as error:
        return {"fault": str(error)}


if __name__ == "__main__":
    main()
