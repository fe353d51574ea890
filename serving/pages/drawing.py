"""The process that draws, as the one that asks sees it: started when it is needed, and again if it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Lock, Timer
from typing import IO, Final, cast

from data_checks.errors import BatonError

_ROOT: Final = str(Path(__file__).resolve().parents[2])
_LONGEST: Final = 30.0
"""Seconds after which a picture is given up, and the process with it."""


class NotDrawnError(BatonError):
    """A picture could not be drawn."""


class Drawing:
    """Draws one picture at a time; threads take turns."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def svg(self, spec: str) -> str:
        """Return the picture that a Vega-Lite specification, JSON without a line break, describes.

        Raises:
            NotDrawnError: It describes none, or the process ended twice.
        """
        with self._turn:
            answer = self._asked(spec) or self._asked(spec)
        if not answer:
            raise NotDrawnError("a picture is drawn by a process beside this one", "it ended", "see the log")
        told = json.loads(answer)
        if "fault" in told:
            raise NotDrawnError("a chart can be drawn", told["fault"], "report it: it is a fault of Baton's")
        return str(told["svg"])

    def _asked(self, spec: str) -> bytes:
        process = self._running()
        late = Timer(_LONGEST, process.kill)
        late.start()
        try:
            to, back = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
            to.write(spec.encode() + b"\n")
            to.flush()
            answer = back.readline()
        except BrokenPipeError:
            answer = b""
        finally:
            late.cancel()
        if not answer:
            process.wait()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            # It needs none of Baton's settings, some of which are secret.
            own = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
            path = os.pathsep.join(filter(None, (_ROOT, own.get("PYTHONPATH"))))
            self._process = subprocess.Popen(
                [sys.executable, "-m", "serving.pages.drawer"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**own, "PYTHONPATH": path},
            )
        return self._process
