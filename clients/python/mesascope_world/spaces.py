"""Gymnasium spaces as flat lists of numbers. Spaces are told by the names of their classes, so that nothing needs to be installed."""

from __future__ import annotations

import math
from typing import Any, Dict, Iterator, List

SUPPORTED = "Box, Discrete, MultiBinary and MultiDiscrete"


def is_a(space: Any, name: str) -> bool:
    """Whether ``space`` is of a class of that name, or of one derived from it."""
    return any(each.__name__ == name for each in type(space).__mro__)


def numbers(value: Any) -> Iterator[float]:
    """The numbers of a number, a list, an array or anything with ``tolist``, in row-major order."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from numbers(each)
    elif isinstance(value, (bool, int, float)):
        yield float(value)
    else:
        raise TypeError(f"a {type(value).__name__} is among the numbers of an observation; expected numbers only")


class Observations:
    """Turns observations of one space into lists of numbers of one length.

    | space | numbers |
    |---|---|
    | Box (float or integer, also uint8) | its own, row-major |
    | Discrete | one-hot |
    | MultiBinary | its own |
    | MultiDiscrete | the one-hots of its parts, one after the other |

    Others (Dict, Tuple, Text, Graph, Sequence) are refused: flatten them in a wrapper of your own.
    """

    def __init__(self, space: Any) -> None:
        self._space = space
        self._low: Any = None
        self._high: Any = None
        if is_a(space, "Box"):
            self._shape = [int(length) for length in space.shape] or [1]
            self._low = self._bound(min(numbers(space.low)))
            self._high = self._bound(max(numbers(space.high)))
        elif is_a(space, "MultiDiscrete"):
            self._counts = [int(count) for count in numbers(space.nvec)]
            self._starts = [int(start) for start in numbers(getattr(space, "start", [0] * len(self._counts)))]
            self._shape = [sum(self._counts)]
        elif is_a(space, "Discrete"):
            self._counts = [int(space.n)]
            self._starts = [int(getattr(space, "start", 0))]
            self._shape = self._counts[:]
        elif is_a(space, "MultiBinary"):
            self._shape = [int(length) for length in numbers(space.n)]
        else:
            raise TypeError(
                f"observations of {type(space).__name__} are not supported; expected {SUPPORTED}. "
                "Wrap the environment so that it gives one of these"
            )
        if not is_a(space, "Box"):
            self._low, self._high = 0.0, 1.0
        self.size = math.prod(self._shape)

    @staticmethod
    def _bound(value: float) -> Any:
        """Bounds that no float32 holds are none."""
        return value if abs(value) < 3e38 else None

    def describe(self) -> Dict[str, Any]:
        return {"shape": self._shape, "low": self._low, "high": self._high}

    def flat(self, observation: Any) -> List[float]:
        """Raises ``ValueError`` for numbers that are not finite or not as many as the space says."""
        row = list(numbers(observation))
        if is_a(self._space, "Discrete") or is_a(self._space, "MultiDiscrete"):
            row = self._one_hot(row)
        if len(row) != self.size:
            raise ValueError(f"an observation of {len(row)} numbers; the observation space has {self.size}")
        for value in row:
            if not math.isfinite(value):
                raise ValueError(f"an observation holds {value}; expected finite numbers")
        return row

    def _one_hot(self, parts: List[float]) -> List[float]:
        if len(parts) != len(self._counts):
            raise ValueError(f"an observation of {len(parts)} parts; the observation space has {len(self._counts)}")
        row: List[float] = []
        for part, count, start in zip(parts, self._counts, self._starts):
            place = int(part) - start
            if not 0 <= place < count:
                raise ValueError(f"an observation holds {int(part)}; expected {start} to {start + count - 1}")
            row += [1.0 if i == place else 0.0 for i in range(count)]
        return row


def count_actions(space: Any) -> int:
    """The number of actions of a Discrete space; ``TypeError`` for any other."""
    if not is_a(space, "Discrete") or is_a(space, "MultiDiscrete"):
        raise TypeError(f"actions of {type(space).__name__} are not supported; expected Discrete")
    return int(space.n)
