"""A training step of a GRU policy through 64 steps of 64 episodes, in PyTorch on one thread of the CPU; samples are episodes.

An embedding of 128 of dense observations of 32 numbers, GRU 128, policy head of 5 and value head; cross-entropy and squared error, gradient
clipping, Adam.
"""

import torch
from torch import nn

from burst import arguments, serve

options = arguments()
steps, rows, hidden, inputs = 64, 64, 128, 32
embed = nn.Linear(inputs, hidden)
gru = nn.GRU(hidden, hidden)
policy = nn.Linear(hidden, 5)
value = nn.Linear(hidden, 1)
parameters = [p for module in (embed, gru, policy, value) for p in module.parameters()]
optimizer = torch.optim.Adam(parameters, lr=0.0, eps=1e-5)

observation = (torch.rand(steps, rows, inputs) < 0.1).float()
actions = torch.randint(0, 5, (steps * rows,))
returns = torch.randn(steps * rows)


def step():
    states, _ = gru(torch.relu(embed(observation)))
    states = states.reshape(-1, hidden)
    error = value(states).squeeze(1) - returns
    loss = nn.functional.cross_entropy(policy(states), actions) + 0.5 * (error * error).mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 0.5)
    optimizer.step()
    return loss.item()


serve(step, rows, options.seconds)
