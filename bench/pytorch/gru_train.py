"""Times training of a GRU policy in PyTorch on the CPU, one thread, for bench/gru-train.ts.

Backpropagation through time over 64 steps, batch 64, embedding 128 (dense input of 32 numbers), GRU 128, policy head of 5 and value head;
cross-entropy and squared error, gradient clipping, Adam. For each line on standard input it trains for about --seconds and prints one line
of JSON: sequences per second and the version of PyTorch. Ends with standard input.
"""

import argparse
import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(1)
parser = argparse.ArgumentParser()
parser.add_argument("--seconds", type=float, default=2.0)
parser.add_argument("--steps", type=int, default=64)
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--hidden", type=int, default=128)
options = parser.parse_args()

input_size = 32
embed = nn.Linear(input_size, options.hidden)
gru = nn.GRU(options.hidden, options.hidden)
policy = nn.Linear(options.hidden, 5)
value = nn.Linear(options.hidden, 1)
parameters = [p for module in (embed, gru, policy, value) for p in module.parameters()]
optimizer = torch.optim.Adam(parameters, lr=1e-4, eps=1e-5)

observation = (torch.rand(options.steps, options.batch, input_size) < 0.1).float()
actions = torch.randint(0, 5, (options.steps * options.batch,))
returns = torch.randn(options.steps * options.batch)


def step():
    states, _ = gru(torch.relu(embed(observation)))
    states = states.reshape(-1, options.hidden)
    error = value(states).squeeze(1) - returns
    loss = nn.functional.cross_entropy(policy(states), actions) + 0.5 * (error * error).mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 0.5)
    optimizer.step()
    return loss.item()


for _ in range(5):
    step()
for _ in sys.stdin:
    steps = 0
    start = time.perf_counter()
    while time.perf_counter() - start < options.seconds:
        step()
        steps += 1
    seconds = time.perf_counter() - start
    print(json.dumps({"samplesPerSecond": steps * options.batch / seconds, "torch": torch.__version__}), flush=True)
