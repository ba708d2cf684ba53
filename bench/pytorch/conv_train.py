"""A training step of a convolutional policy in PyTorch on one thread of the CPU: 13 x 13 x 8 planes, 3 x 3 convolutions of 16 and 32
channels with padding 1, dense 128, heads of 5 and 1, batch 256; cross-entropy and squared error, clipping, Adam."""

import torch
from torch import nn

from burst import arguments, serve

options = arguments()
rows = 256
trunk = nn.Sequential(
    nn.Conv2d(8, 16, 3, padding=1),
    nn.ReLU(),
    nn.Conv2d(16, 32, 3, padding=1),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(32 * 13 * 13, 128),
    nn.ReLU(),
)
policy = nn.Linear(128, 5)
value = nn.Linear(128, 1)
parameters = [*trunk.parameters(), *policy.parameters(), *value.parameters()]
optimizer = torch.optim.Adam(parameters, lr=0.0, eps=1e-5)

observation = (torch.rand(rows, 8, 13, 13) < 0.1).float()
actions = torch.randint(0, 5, (rows,))
returns = torch.randn(rows)


def step():
    hidden = trunk(observation)
    value_loss = 0.5 * (value(hidden).squeeze(1) - returns).square().mean()
    loss = nn.functional.cross_entropy(policy(hidden), actions) + value_loss
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 0.5)
    optimizer.step()
    return loss.item()


serve(step, rows, options.seconds)
