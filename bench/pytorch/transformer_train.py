"""A training step of a transformer in PyTorch on one thread of the CPU: d 64, 2 blocks, 4 heads, sequence 40, batch 256, tokens in and out,
cross-entropy at every place, clipping, Adam; exact GELU, normalization without gain and shift, all places visible."""

import torch
from torch import nn
from torch.nn import functional as F

from burst import arguments, serve

options = arguments()
rows, length, width, heads, blocks, vocabulary = 256, 40, 64, 4, 2, 64


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, elementwise_affine=False)
        self.norm2 = nn.LayerNorm(width, elementwise_affine=False)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x):
        projected = self.query_key_value(self.norm1(x)).view(rows, length, 3, heads, width // heads)
        query, key, value = projected.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-1, -2) * (width // heads) ** -0.5
        result = (F.softmax(scores, dim=-1) @ value).transpose(1, 2).reshape(rows, length, width)
        x = x + self.out(result)
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.position = nn.Parameter(0.02 * torch.randn(length, width))
        self.blocks = nn.Sequential(*[Block() for _ in range(blocks)])
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.readout = nn.Linear(width, vocabulary)

    def forward(self, tokens):
        return self.readout(self.norm(self.blocks(self.embed(tokens) + self.position)))


model = Transformer()
parameters = list(model.parameters())
# One batch again and again: with a learning rate it would be learned by heart, and moments become denormal numbers, which are slow.
optimizer = torch.optim.Adam(parameters, lr=0.0)
tokens = torch.randint(vocabulary, (rows, length))
labels = torch.randint(vocabulary, (rows * length,))


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(model(tokens).view(-1, vocabulary), labels)
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
    return loss.item()


serve(step, rows, options.seconds)
