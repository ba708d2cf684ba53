"""Logits and value of an MLP of 676-256-256 for 256 observations, in PyTorch on one thread of the CPU."""

import torch
from torch import nn

from burst import arguments, serve

options = arguments()
rows = 256
trunk = nn.Sequential(nn.Linear(676, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU())
policy = nn.Linear(256, 5)
value = nn.Linear(256, 1)
observation = (torch.rand(rows, 676) < 0.05).float()


@torch.inference_mode()
def step():
    hidden = trunk(observation)
    return policy(hidden).numpy(), value(hidden).numpy()


serve(step, rows, options.seconds)
