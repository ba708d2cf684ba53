"""Tests with the standard library: python3 -m unittest, in clients/python. Gymnasium itself is a module of the test's own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import types
import unittest
from dataclasses import replace
from typing import Any, Dict

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [ROOT, os.path.join(ROOT, "examples")]

import lamp_grid  # noqa: E402
from mesascope_world import gymnasium_env  # noqa: E402
from mesascope_world.server import Server, converse  # noqa: E402
from mesascope_world.spaces import Observations, count_actions  # noqa: E402

LEVEL = {"seed": 3, "parameters": {"placement": "apart"}, "context": {"lamp": "training"}}


def space(kind: str, **parts: Any) -> Any:
    """A stand-in for a Gymnasium space: what is read of one is its class's name and these attributes."""
    return type(kind, (), parts)()


class Array:
    """A stand-in for a numpy array."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def tolist(self) -> Any:
        return self._values


def ask(server: Server, kind: str, **parts: Any) -> Dict[str, Any]:
    return server.answer({"type": kind, "id": 7, **parts})


class TheServer(unittest.TestCase):
    def setUp(self) -> None:
        self.server = Server(lamp_grid.world)

    def test_describes_the_world(self) -> None:
        answer = ask(self.server, "hello", schema="mesascope/world@1")
        self.assertEqual(answer["id"], 7)
        world = answer["world"]
        self.assertEqual(world["observation"], {"shape": [8], "low": -1.0, "high": 1.0})
        self.assertEqual(world["actions"], ["up", "down", "left", "right", "stay"])
        self.assertTrue(world["axes"][0]["separatesGoalFromProxy"])
        self.assertTrue(world["hasReferences"])

    def test_gives_the_same_episode_for_the_same_seed_in_any_place(self) -> None:
        starts = ask(self.server, "reset", episodes=[0, 1, 5], levels=[LEVEL, {**LEVEL, "seed": 4}, LEVEL])["observations"]
        self.assertEqual(starts[0], starts[2])
        self.assertNotEqual(starts[0], starts[1])

    def test_steps_the_episodes_asked_for_and_gives_their_features(self) -> None:
        (row,) = ask(self.server, "reset", episodes=[2], levels=[LEVEL])["observations"]
        total = [0.0, 0.0]
        for _ in range(20):
            way = row[0:2] if any(row[0:2]) else row[2:4]
            action = (3 if way[0] > 0 else 2) if way[0] else (1 if way[1] > 0 else 0)
            answer = ask(self.server, "step", episodes=[2], actions=[action])
            (row,) = answer["observations"]
            total = [a + b for a, b in zip(total, answer["features"][0])]
            if answer["terminated"][0]:
                break
        self.assertEqual(total, [1.0, 1.0])
        self.assertEqual(answer["truncated"], [False])

    def test_gives_reference_returns_or_none(self) -> None:
        asked = {"weights": {"coin": 1, "capsule": -1}, "levels": [LEVEL, LEVEL]}
        self.assertEqual(ask(self.server, "reference", **asked)["returns"], [1.0, 1.0])
        without = Server(replace(lamp_grid.world, reference=None))
        self.assertIsNone(ask(without, "reference", **asked)["returns"])
        partly = Server(replace(lamp_grid.world, reference=lambda weights, level: None))
        self.assertIsNone(ask(partly, "reference", **asked)["returns"])

    def test_puts_an_episode_back_into_an_earlier_state(self) -> None:
        (start,) = ask(self.server, "reset", episodes=[0], levels=[LEVEL])["observations"]
        (before,) = ask(self.server, "snapshot", episodes=[0])["snapshots"]
        for action in (0, 2, 2, 1, 1, 1):
            ask(self.server, "step", episodes=[0], actions=[action])
        ask(self.server, "reset", episodes=[1], levels=[LEVEL])
        self.assertEqual(ask(self.server, "snapshot", episodes=[1])["snapshots"], [before])
        as_sent = json.loads(json.dumps(before))
        self.assertEqual(ask(self.server, "restore", episodes=[0], snapshots=[as_sent])["observations"], [start])
        self.assertEqual(ask(self.server, "snapshot", episodes=[0])["snapshots"], [before])
        self.assertTrue(ask(self.server, "hello", schema="mesascope/world@1")["world"]["snapshots"])

    def test_refuses_snapshots_of_an_environment_that_has_none(self) -> None:
        class Without:
            observation_space, action_space = lamp_grid.LampGrid.observation_space, lamp_grid.LampGrid.action_space

        with self.assertRaisesRegex(TypeError, "a Without has no get_state"):
            Server(replace(lamp_grid.world, make_env=Without))
        self.assertFalse(Server(replace(lamp_grid.world, make_env=Without, snapshots=False))._world.snapshots)

    def test_answers_what_the_environment_raises_with_its_traceback(self) -> None:
        class Broken(lamp_grid.LampGrid):
            def step(self, action: int) -> Any:
                raise RuntimeError("out of coins")

        server = Server(replace(lamp_grid.world, make_env=Broken))
        ask(server, "reset", episodes=[0], levels=[LEVEL])
        error = ask(server, "step", episodes=[0], actions=[0])["error"]
        self.assertTrue(error.startswith("RuntimeError: out of coins\n"))
        self.assertIn("in step", error)

    def test_refuses_another_version_unknown_requests_and_places(self) -> None:
        self.assertIn("world@2", ask(self.server, "hello", schema="mesascope/world@2")["error"])
        self.assertIn("'dance'", ask(self.server, "dance")["error"])
        self.assertIn("episode 64", ask(self.server, "reset", episodes=[64], levels=[LEVEL])["error"])

    def test_refuses_observations_and_features_that_are_not_what_was_said(self) -> None:
        def answered(give: Any) -> str:
            class Lying(lamp_grid.LampGrid):
                def step(self, action: int) -> Any:
                    observation, reward, terminated, truncated, info = super().step(action)
                    return give(observation, reward, terminated, truncated, info)

            server = Server(replace(lamp_grid.world, make_env=Lying))
            ask(server, "reset", episodes=[0], levels=[LEVEL])
            return ask(server, "step", episodes=[0], actions=[4]).get("error", "")

        self.assertEqual(answered(lambda *all: all), "")
        self.assertIn("7 numbers", answered(lambda o, *rest: (o[1:], *rest)))
        self.assertIn("nan", answered(lambda o, *rest: ([float("nan")] + o[1:], *rest)))
        self.assertIn("expected numbers only", answered(lambda o, *rest: (["x"] + o[1:], *rest)))
        self.assertIn("no (observation", answered(lambda *all: all[:4]))
        self.assertIn('info["features"]', answered(lambda o, r, te, tr, info: (o, r, te, tr, {})))
        self.assertIn("'gold'", answered(lambda o, r, te, tr, info: (o, r, te, tr, {"features": {"gold": 1}})))
        self.assertIn("3 features", answered(lambda o, r, te, tr, info: (o, r, te, tr, {"features": [0, 0, 0]})))
        self.assertIn("inf", answered(lambda o, r, te, tr, info: (o, r, te, tr, {"features": [float("inf"), 0]})))

    def test_reads_features_by_a_function_of_the_user(self) -> None:
        world = replace(lamp_grid.world, features=lambda observation, action, info: {"coin": float(action)})
        server = Server(world)
        ask(server, "reset", episodes=[0], levels=[LEVEL])
        self.assertEqual(ask(server, "step", episodes=[0], actions=[3])["features"], [[3.0, 0.0]])

    def test_answers_line_by_line(self) -> None:
        sink = io.StringIO()
        lines = [{"type": "hello", "id": 0, "schema": "mesascope/world@1"}, {"type": "reset", "id": 1, "episodes": [0], "levels": [LEVEL]}]
        converse(self.server.answer, io.StringIO("\n".join(map(json.dumps, lines)) + "\n"), sink)
        self.assertEqual([json.loads(line)["id"] for line in sink.getvalue().splitlines()], [0, 1])


class Spaces(unittest.TestCase):
    def test_box_keeps_its_numbers_and_bounds(self) -> None:
        images = Observations(space("Box", low=Array([[0, 0]]), high=Array([[255, 255]]), shape=(1, 2)))
        self.assertEqual(images.describe(), {"shape": [1, 2], "low": 0.0, "high": 255.0})
        self.assertEqual(images.flat(Array([[3, 255]])), [3.0, 255.0])
        endless = Observations(space("Box", low=[-float("inf")], high=[3.4028235e38], shape=(1,)))
        self.assertEqual(endless.describe(), {"shape": [1], "low": None, "high": None})

    def test_discrete_and_multi_discrete_are_one_hot_from_their_start(self) -> None:
        self.assertEqual(Observations(space("Discrete", n=3, start=1)).flat(2), [0.0, 1.0, 0.0])
        parts = Observations(space("MultiDiscrete", nvec=Array([2, 3])))
        self.assertEqual(parts.flat(Array([1, 0])), [0.0, 1.0, 1.0, 0.0, 0.0])
        with self.assertRaisesRegex(ValueError, "holds 3; expected 0 to 2"):
            parts.flat([0, 3])

    def test_multi_binary_is_as_it_is(self) -> None:
        self.assertEqual(Observations(space("MultiBinary", n=2)).flat([True, False]), [1.0, 0.0])

    def test_classes_derived_from_a_space_are_one(self) -> None:
        derived = type("Compass", (type("Discrete", (), {"n": 4}),), {})()
        self.assertEqual(Observations(derived).flat(3), [0.0, 0.0, 0.0, 1.0])

    def test_others_are_refused_with_a_word(self) -> None:
        with self.assertRaisesRegex(TypeError, "observations of Dict are not supported; expected Box, Discrete"):
            Observations(space("Dict"))
        with self.assertRaisesRegex(TypeError, "actions of Box are not supported; expected Discrete"):
            count_actions(space("Box"))


class GymnasiumEnvironments(unittest.TestCase):
    def tearDown(self) -> None:
        sys.modules.pop("gymnasium", None)

    def test_are_made_by_their_id_and_wrapped(self) -> None:
        made = []
        fake = types.ModuleType("gymnasium")

        def make(env_id: str, **options: Any) -> Any:
            made.append((env_id, options))
            return lamp_grid.LampGrid()

        setattr(fake, "make", make)
        sys.modules["gymnasium"] = fake
        seen = []
        factory = gymnasium_env("LampGrid-v0", wrap=lambda env: seen.append(env) or env, size=5)
        server = Server(replace(lamp_grid.world, make_env=factory))
        self.assertEqual(made, [("LampGrid-v0", {"size": 5})])
        self.assertEqual(len(seen), 1)
        self.assertIn("observations", ask(server, "reset", episodes=[1], levels=[LEVEL]))
        self.assertEqual(len(made), 2)

    def test_need_gymnasium(self) -> None:
        sys.modules["gymnasium"] = None  # type: ignore[assignment]
        with self.assertRaisesRegex(ImportError, "pip install gymnasium"):
            gymnasium_env("CartPole-v1")


class TheProgram(unittest.TestCase):
    def test_keeps_what_the_environment_prints_off_the_protocol(self) -> None:
        code = (
            "import os, sys, lamp_grid\n"
            "from dataclasses import replace\n"
            "from mesascope_world import serve\n"
            "class Chatty(lamp_grid.LampGrid):\n"
            "    def reset(self, **options):\n"
            "        print('hello from the environment')\n"
            "        os.write(1, b'and from C\\n')\n"
            "        assert sys.stdin.read() == ''\n"
            "        return super().reset(**options)\n"
            "serve(replace(lamp_grid.world, make_env=Chatty))\n"
        )
        asked = json.dumps({"type": "reset", "id": 0, "episodes": [0], "levels": [LEVEL]})
        run = subprocess.run([sys.executable, "-c", code], input=f"{asked}\n", capture_output=True, text=True, env=environment())
        (line,) = run.stdout.splitlines()
        self.assertEqual(json.loads(line)["id"], 0)
        self.assertIn("observations", json.loads(line))
        self.assertIn("hello from the environment", run.stderr)
        self.assertIn("and from C", run.stderr)

    def test_serves_a_world_by_its_name(self) -> None:
        asked = json.dumps({"type": "hello", "id": 0, "schema": "mesascope/world@1"})
        run = subprocess.run(
            [sys.executable, "-m", "mesascope_world", "lamp_grid:world"], input=asked, capture_output=True, text=True, env=environment()
        )
        self.assertEqual(json.loads(run.stdout)["world"]["name"], "lamp-grid")
        wrong = subprocess.run(
            [sys.executable, "-m", "mesascope_world", "lamp_grid:LAMPS"], input=asked, capture_output=True, text=True, env=environment()
        )
        self.assertNotEqual(wrong.returncode, 0)

    def test_serves_a_function_as_a_policy(self) -> None:
        code = "from mesascope_world import serve_policy\nserve_policy(lambda rows: [[1.0, 0.0] for _ in rows])\n"
        asked = [{"type": "hello", "id": 0, "schema": "mesascope/policy@1"}, {"type": "step", "id": 1, "rows": 2, "observations": [[0], [1]]}]
        run = subprocess.run(
            [sys.executable, "-c", code], input="\n".join(map(json.dumps, asked)), capture_output=True, text=True, env=environment()
        )
        hello, step = map(json.loads, run.stdout.splitlines())
        self.assertEqual(hello, {"id": 0, "schema": "mesascope/policy@1", "name": "python", "answers": "probabilities"})
        self.assertEqual(step, {"id": 1, "probabilities": [[1.0, 0.0], [1.0, 0.0]]})


def environment() -> Dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([ROOT, os.path.join(ROOT, "examples")])}


if __name__ == "__main__":
    unittest.main()
