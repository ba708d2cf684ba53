"""A Python function as the policy of an audit (the protocol mesascope/policy@1), for policies without memory."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from .server import converse, own_streams

SCHEMA = "mesascope/policy@1"


def serve_policy(choose: Callable[[List[List[float]]], List[Any]], name: str = "python", answers: str = "probabilities") -> None:
    """Serves ``choose``: from observations (a list of rows) to a row for each, of what ``answers`` names.

    ``probabilities`` and ``logits`` are lists of one number per action, ``actions`` are places of actions.
    """

    def answer(request: Dict[str, Any]) -> Dict[str, Any]:
        if request["type"] == "hello":
            return {"id": request["id"], "schema": SCHEMA, "name": name, "answers": answers}
        return {"id": request["id"], answers: choose(request["observations"])}

    converse(answer, *own_streams())
