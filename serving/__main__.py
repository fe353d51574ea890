"""`python -m serving`."""

from __future__ import annotations

from serving.commands import main

if __name__ == "__main__":
    main()
