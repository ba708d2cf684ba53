"""``python3 -m mesascope_world module:name`` serves a ``World``, or what a function of that name returns."""

from __future__ import annotations

import importlib
import os
import sys

from .description import World
from .server import serve


def main() -> None:
    if len(sys.argv) != 2 or ":" not in sys.argv[1]:
        sys.exit("usage: python3 -m mesascope_world MODULE:NAME, where NAME is a World or a function that returns one")
    module, name = sys.argv[1].split(":", 1)
    sys.path.insert(0, os.getcwd())
    found = getattr(importlib.import_module(module), name)
    world = found if isinstance(found, World) else found()
    if not isinstance(world, World):
        sys.exit(f"{sys.argv[1]} is a {type(world).__name__}; expected a World or a function that returns one")
    serve(world)


main()
