"""What the scripts beside this file share: one thread, and a line of JSON for each line on standard input."""

import argparse
import json
import sys
import time

import torch


def arguments():
    """The parsed command line: --seconds, how long a burst lasts. Sets one thread and a seed."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2.0)
    return parser.parse_args()


def matrix_rate():
    """Multiplications and additions a second of a product 1024 x 676 by 676 x 256: tells an optimized BLAS from a plain one."""
    a, b = torch.randn(1024, 676), torch.randn(676, 256)
    fastest = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        a @ b
        fastest = min(fastest, time.perf_counter() - start)
    return 2 * 1024 * 676 * 256 / fastest


def serve(step, samples, seconds):
    """Runs step() for about `seconds` for each line that comes in, and prints samples per second (`samples` a step), the rate of a matrix
    product and the version of PyTorch."""
    matrix = matrix_rate()
    for _ in range(5):
        step()
    for _ in sys.stdin:
        steps = 0
        start = time.perf_counter()
        while time.perf_counter() - start < seconds:
            step()
            steps += 1
        rate = steps * samples / (time.perf_counter() - start)
        answer = {"samplesPerSecond": rate, "matrixRate": matrix, "torch": torch.__version__}
        print(json.dumps(answer), flush=True)
