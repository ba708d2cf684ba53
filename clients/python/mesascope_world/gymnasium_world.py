"""Environments of Gymnasium by their id, where it is installed."""

from __future__ import annotations

from typing import Any, Callable, Optional


def gymnasium_env(env_id: str, wrap: Optional[Callable[[Any], Any]] = None, **options: Any) -> Callable[[], Any]:
    """A ``make_env`` for ``World``: ``gymnasium.make(env_id, **options)``, wrapped by ``wrap`` where given.

    ``wrap`` is the place to read ``options["parameters"]`` and ``options["context"]`` at ``reset`` and to put ``info["features"]`` into
    each step. The check of Gymnasium that complains of calls after an episode's end stays on: the auditor makes none. Raises
    ``ImportError`` where Gymnasium is not installed.
    """
    try:
        import gymnasium
    except ImportError as error:
        raise ImportError(f'Gymnasium is not installed, so "{env_id}" cannot be made. Install it: pip install gymnasium') from error

    def make() -> Any:
        env = gymnasium.make(env_id, **options)
        return env if wrap is None else wrap(env)

    return make
