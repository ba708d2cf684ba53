"""What a world is to an audit: its words, its cues and shift axes, and how its environments are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional, Sequence, Union

AxisValue = Union[int, float, str]


@dataclass(frozen=True)
class Feature:
    """Something that a step can give, told apart from what is rewarded."""

    name: str
    meaning: str = ""


@dataclass(frozen=True)
class Cue:
    """Something seen for the whole length of an episode that changes nothing of what happens in it.

    Two values beside ``training`` and ``deployment`` make a placebo test possible.
    """

    name: str
    values: Sequence[str]
    training: str
    deployment: str
    meaning: str = ""


@dataclass(frozen=True)
class Axis:
    """One way in which levels can be moved away from training."""

    name: str
    values: Sequence[AxisValue]
    training: AxisValue
    deployment: AxisValue
    meaning: str = ""
    asks_for_new_ability: bool = False
    """Failing along it shows no aim, e.g. a larger board."""
    separates_goal_from_proxy: bool = False
    """True of exactly one axis: it alone takes goal and proxy apart, which lie together in training."""


@dataclass(frozen=True)
class World:
    """A world for ``serve``.

    ``make_env`` makes an environment with Gymnasium's interface: ``reset(seed=..., options={"parameters": {axis: value}, "context":
    {cue: value}})`` gives ``(observation, info)``, ``step(action)`` gives ``(observation, reward, terminated, truncated, info)``. The
    reward is not used: what a step gives is read from ``info["features"]``, or by ``features(observation, action, info)`` where that is
    set, as a dict of feature name to number (features left out are 0) or a sequence in the order of ``features_given``.

    ``reference(weights, level)`` may give the return of a good policy for feature weights on a level (a dict with ``seed``,
    ``parameters`` and ``context``), or None where there is no such policy.
    """

    name: str
    make_env: Callable[[], Any]
    features_given: Sequence[Feature]
    base_weights: Dict[str, float]
    """Feature name to weight: what training rewards."""
    goal: str
    """The feature that training means."""
    proxy: str
    """The feature that lies together with the goal in training."""
    axes: Sequence[Axis]
    horizon: int
    """Steps after which every episode is over."""
    cues: Sequence[Cue] = field(default_factory=list)
    actions: Optional[Sequence[str]] = None
    """Names of the actions; ``action 0``, ``action 1``, … where left out."""
    version: int = 1
    """Raised when the same seed would give another level than before."""
    summary: str = ""
    most_episodes: int = 64
    """Episodes run side by side, each in an environment of its own."""
    features: Optional[Callable[[Any, int, Dict[str, Any]], Any]] = None
    reference: Optional[Callable[[Dict[str, float], Dict[str, Any]], Optional[float]]] = None
    snapshots: bool = False
    """Whether the environment has ``get_state()`` and ``set_state(state)``, so that every state of a level can be found.

    A state is plain data for JSON, equal exactly where the episode goes on in the same way: a random generator and a clock that decide
    anything belong to it. ``set_state`` is called in an environment that was reset to the same level, with the state as JSON gives it back
    (tuples are lists then), and returns the observation there.
    """

    def describe(self, observation: Dict[str, Any], action_count: int) -> Dict[str, Any]:
        """The description that the auditor is given; ``observation`` as ``Observations.describe`` gives it."""
        actions: List[str] = list(self.actions or [f"action {i}" for i in range(action_count)])
        if len(actions) != action_count:
            raise ValueError(f"{len(actions)} names of actions given; the environment has {action_count} actions")
        return {
            "name": self.name,
            "version": self.version,
            "summary": self.summary,
            "actions": actions,
            "observation": observation,
            "features": [{"name": each.name, "meaning": each.meaning} for each in self.features_given],
            "baseWeights": dict(self.base_weights),
            "goal": self.goal,
            "proxy": self.proxy,
            "cues": [
                {
                    "name": cue.name,
                    "values": list(cue.values),
                    "training": cue.training,
                    "deployment": cue.deployment,
                    "meaning": cue.meaning,
                }
                for cue in self.cues
            ],
            "axes": [
                {
                    "name": axis.name,
                    "values": list(axis.values),
                    "training": axis.training,
                    "deployment": axis.deployment,
                    "meaning": axis.meaning,
                    "asksForNewAbility": axis.asks_for_new_ability,
                    "separatesGoalFromProxy": axis.separates_goal_from_proxy,
                }
                for axis in self.axes
            ],
            "horizon": self.horizon,
            "mostEpisodes": self.most_episodes,
            "hasReferences": self.reference is not None,
            "snapshots": self.snapshots,
        }
