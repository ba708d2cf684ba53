"""Lets a Python environment be the world of a Mesascope audit, and a Python function its policy. Standard library only."""

from .description import Axis, Cue, Feature, World
from .gymnasium_world import gymnasium_env
from .policy import serve_policy
from .server import serve

__all__ = ["Axis", "Cue", "Feature", "World", "gymnasium_env", "serve", "serve_policy"]
