"""The process that draws, as the one that asks sees it: started when it is needed, and again if it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock, Timer
from typing import IO, Final, cast

from data_checks.errors import BatonError

LONGEST: Final = 20.0
"""Seconds after which a picture is given up, and the process with it."""

_ROOT: Final = str(Path(__file__).resolve().parents[2])
_NEEDED: Final = {"PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "FONTCONFIG_PATH"}
"""What it is told of the environment: none of it is secret."""


class NotDrawnError(BatonError):
    """A picture could not be drawn."""


class Drawing:
    """Draws one picture at a time, each within so many seconds; threads take turns."""

    def __init__(self, seconds: float = LONGEST) -> None:
        self._seconds = seconds
        self._turn = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def svg(self, spec: str) -> str:
        """Return the picture that a Vega-Lite specification, JSON without a line break, describes.

        Raises:
            NotDrawnError: It describes none, takes too long, or the process ended twice.
        """
        with self._turn:
            answer = self._asked(spec) or self._asked(spec)
        if not answer:
            raise NotDrawnError("a picture is drawn by a process beside this one", "it ended", "see the log")
        told = json.loads(answer)
        if "fault" in told:
            raise NotDrawnError("a chart can be drawn", told["fault"], "report it: it is a fault of Baton's")
        return str(told["svg"])

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def _asked(self, spec: str) -> bytes:
        """Return the whole line that answers; nothing if the process ended before."""
        process, began = self._running(), time.monotonic()
        late = Timer(self._seconds, process.kill)
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
        if answer.endswith(b"\n"):
            return answer
        process.wait()
        if time.monotonic() - began >= self._seconds:
            took = f"none after {self._seconds:g} s"
            raise NotDrawnError("a chart is drawn within some seconds", took, "ask for less at a time")
        return b""

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            own = {name: value for name, value in os.environ.items() if name in _NEEDED}
            path = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
            self._process = subprocess.Popen(
                [sys.executable, "-m", "serving.pages.drawer"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**own, "PYTHONPATH": path},
            )
        return self._process
