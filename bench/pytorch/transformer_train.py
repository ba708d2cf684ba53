# One training step of bench/transformer-train.ts in PyTorch: the same network, loss, clipping and Adam, one thread.
# Reads "N" for N steps from standard input, a line each, and answers with their milliseconds; the first line says what runs.
import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
spec = json.loads(sys.argv[1])
rows, length, width, heads, vocabulary = (spec[k] for k in ("rows", "length", "width", "heads", "vocabulary"))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, elementwise_affine=spec["affine"])
        self.norm2 = nn.LayerNorm(width, elementwise_affine=spec["affine"])
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x):
        qkv = self.qkv(self.norm1(x)).view(rows, length, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        scores = q @ k.transpose(-1, -2) * (width // heads) ** -0.5
        if spec["causal"]:
            scores = scores + mask
        y = (F.softmax(scores, dim=-1) @ v).transpose(1, 2).reshape(rows, length, width)
        x = x + self.out(y)
        activate = F.gelu if spec["activation"] == "gelu" else F.relu
        return x + self.down(activate(self.up(self.norm2(x))))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.position = nn.Parameter(0.02 * torch.randn(length, width))
        self.blocks = nn.Sequential(*[Block() for _ in range(spec["blocks"])])
        self.norm = nn.LayerNorm(width, elementwise_affine=spec["affine"])
        self.readout = nn.Linear(width, vocabulary)

    def forward(self, tokens):
        return self.readout(self.norm(self.blocks(self.embed(tokens) + self.position)))


torch.manual_seed(1)
mask = torch.full((length, length), -1e9).triu(1)
model = Transformer()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
tokens = torch.randint(vocabulary, (rows, length))
labels = torch.randint(vocabulary, (rows, length))


def step():
    optimizer.zero_grad(set_to_none=True)
    F.cross_entropy(model(tokens).view(-1, vocabulary), labels.view(-1)).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def gemm_rate():
    a, b = torch.randn(2048, 256), torch.randn(256, 256)
    a @ b
    start = time.perf_counter()
    for _ in range(20):
        a @ b
    return 20 * 2 * 2048 * 256 * 256 / (time.perf_counter() - start) / 1e9


print(json.dumps({"version": torch.__version__, "gemm": round(gemm_rate(), 1)}), flush=True)
for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps(times), flush=True)
