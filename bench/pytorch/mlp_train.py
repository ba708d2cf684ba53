"""A PPO gradient step on an MLP of 676-256-256 with heads of 5 and 1, minibatch 1024, in PyTorch on one thread of the CPU."""

import torch
from torch import nn

from burst import arguments, serve

options = arguments()
rows = 1024
trunk = nn.Sequential(nn.Linear(676, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU())
policy = nn.Linear(256, 5)
value = nn.Linear(256, 1)
parameters = [*trunk.parameters(), *policy.parameters(), *value.parameters()]
optimizer = torch.optim.Adam(parameters, lr=0.0, eps=1e-5)

observation = (torch.rand(rows, 676) < 0.05).float()
actions = torch.randint(0, 5, (rows, 1))
old_log_probs = torch.full((rows,), -1.6)
advantages = torch.randn(rows)
returns = torch.randn(rows)


def step():
    hidden = trunk(observation)
    all_log_probs = torch.log_softmax(policy(hidden), dim=1)
    ratio = (all_log_probs.gather(1, actions).squeeze(1) - old_log_probs).exp()
    normalized = (advantages - advantages.mean()) / (advantages.std(unbiased=False) + 1e-8)
    policy_loss = torch.max(-normalized * ratio, -normalized * ratio.clamp(0.8, 1.2)).mean()
    value_loss = 0.5 * (value(hidden).squeeze(1) - returns).square().mean()
    entropy = -(all_log_probs.exp() * all_log_probs).sum(1).mean()
    loss = policy_loss - 0.01 * entropy + 0.5 * value_loss
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 0.5)
    optimizer.step()
    return loss.item()


serve(step, rows, options.seconds)
