"""Answers an auditor's questions about a world, line by line (the protocol mesascope/world@1)."""

from __future__ import annotations

import json
import math
import os
import sys
import traceback
from typing import Any, Dict, List, TextIO

from .description import World
from .spaces import Observations, count_actions, numbers

SCHEMA = "mesascope/world@1"


class Server:
    """A world's environments, and an answer for each request."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._names = [feature.name for feature in world.features_given]
        self._envs: List[Any] = [world.make_env()]
        self._observations = Observations(self._envs[0].observation_space)
        self._action_count = count_actions(self._envs[0].action_space)
        self._first_action = int(getattr(self._envs[0].action_space, "start", 0))
        if world.snapshots:
            missing = [name for name in ("get_state", "set_state") if not callable(getattr(self._envs[0], name, None))]
            if missing:
                raise TypeError(
                    f"World(snapshots=True) given, but a {type(self._envs[0]).__name__} has no {missing[0]}(); "
                    "give it get_state() and set_state(state), in a wrapper if need be, or leave snapshots out"
                )

    def answer(self, request: Dict[str, Any]) -> Dict[str, Any]:
        """The answer to a request; what the environment raises is answered as an error, with the traceback."""
        try:
            kind = request["type"]
            answers = {
                "hello": self._hello,
                "reset": self._reset,
                "step": self._step,
                "reference": self._reference,
                "snapshot": self._snapshot,
                "restore": self._restore,
            }
            if kind not in answers:
                raise ValueError(f"request of type {kind!r} given; known: {', '.join(answers)}")
            return {"id": request["id"], **answers[kind](request)}
        except Exception as error:  # whatever the environment raises belongs into the answer
            said = "".join(traceback.format_exception_only(type(error), error)).strip()
            return {"id": request.get("id", 0), "error": f"{said}\n{traceback.format_exc(limit=-5)}"}

    def _hello(self, request: Dict[str, Any]) -> Dict[str, Any]:
        if request["schema"] != SCHEMA:
            raise ValueError(f"the auditor speaks {request['schema']}; this world speaks {SCHEMA}")
        return {"schema": SCHEMA, "world": self._world.describe(self._observations.describe(), self._action_count)}

    def _reset(self, request: Dict[str, Any]) -> Dict[str, Any]:
        rows = []
        for place, level in zip(request["episodes"], request["levels"]):
            options = {"parameters": level["parameters"], "context": level["context"]}
            started = self._env(place).reset(seed=level["seed"], options=options)
            if not (isinstance(started, tuple) and len(started) == 2):
                raise TypeError("reset gave no (observation, info); expected Gymnasium's interface")
            rows.append(self._observations.flat(started[0]))
        return {"observations": rows}

    def _step(self, request: Dict[str, Any]) -> Dict[str, Any]:
        answer: Dict[str, List[Any]] = {"observations": [], "features": [], "terminated": [], "truncated": []}
        for place, action in zip(request["episodes"], request["actions"]):
            taken = self._env(place).step(action + self._first_action)
            if not (isinstance(taken, tuple) and len(taken) == 5):
                raise TypeError("step gave no (observation, reward, terminated, truncated, info); expected Gymnasium's interface")
            observation, _, terminated, truncated, info = taken
            answer["observations"].append(self._observations.flat(observation))
            answer["features"].append(self._features(observation, action, info))
            answer["terminated"].append(bool(terminated))
            answer["truncated"].append(bool(truncated))
        return answer

    def _reference(self, request: Dict[str, Any]) -> Dict[str, Any]:
        reference = self._world.reference
        returns = [None if reference is None else reference(request["weights"], level) for level in request["levels"]]
        if any(value is None for value in returns):
            return {"returns": None}
        return {"returns": [_finite(value, "a reference return") for value in returns]}

    def _snapshot(self, request: Dict[str, Any]) -> Dict[str, Any]:
        return {"snapshots": [self._env(place).get_state() for place in request["episodes"]]}

    def _restore(self, request: Dict[str, Any]) -> Dict[str, Any]:
        pairs = zip(request["episodes"], request["snapshots"])
        return {"observations": [self._observations.flat(self._env(place).set_state(state)) for place, state in pairs]}

    def _env(self, place: int) -> Any:
        if place >= self._world.most_episodes:
            raise IndexError(f"episode {place} asked for; there are {self._world.most_episodes}")
        while len(self._envs) <= place:
            self._envs.append(self._world.make_env())
        return self._envs[place]

    def _features(self, observation: Any, action: int, info: Dict[str, Any]) -> List[float]:
        if self._world.features is not None:
            given = self._world.features(observation, action, info)
        elif "features" in info:
            given = info["features"]
        else:
            raise KeyError('step gave no info["features"]; give them there, or set features=... of the World')
        if isinstance(given, dict):
            unknown = [name for name in given if name not in self._names]
            if unknown:
                raise KeyError(f"feature {unknown[0]!r} given; the world names {', '.join(self._names)}")
            given = [given.get(name, 0.0) for name in self._names]
        row = list(numbers(given))
        if len(row) != len(self._names):
            raise ValueError(f"{len(row)} features given; the world names {len(self._names)}")
        return [_finite(value, "a feature") for value in row]

    def close(self) -> None:
        for env in self._envs:
            if hasattr(env, "close"):
                env.close()


def _finite(value: Any, what: str) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} given as {what}; expected a finite number")
    return number


def converse(answer: Any, source: TextIO, sink: TextIO) -> None:
    """Answers every line of ``source`` with a line of ``sink``, until there are no more."""
    for line in source:
        if line.strip():
            sink.write(json.dumps(answer(json.loads(line)), allow_nan=False) + "\n")
            sink.flush()


def own_streams() -> "tuple[TextIO, TextIO]":
    """Standard input and output for the protocol alone: what others print goes to standard error, and they read nothing."""
    source = os.fdopen(os.dup(0), "r", encoding="utf-8")
    sink = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return source, sink


def serve(world: World) -> None:
    """Serves ``world`` to the auditor that started this program, until it has no more questions."""
    source, sink = own_streams()
    server = Server(world)
    try:
        converse(server.answer, source, sink)
    finally:
        server.close()
