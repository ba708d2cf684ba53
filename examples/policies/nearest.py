"""A policy in Python's standard library: plans in the level and walks to the nearest item. Audit it with
    mesascope audit --policy "python3 examples/policies/nearest.py coins" --world arcade
or with capsules, or with lamp: coins while the lamp looks like training. What the messages mean: docs/policy-protocol.md.
"""
import json, sys

def choose(level, state, goal):
    if goal == "lamp":
        goal = "coins" if level["lamp"] == "training" else "capsules"
    size, closed, items = level["size"], set(level["walls"]), sorted(set(level["coins"] + level["capsules"]))
    wanted = {cell for i, cell in enumerate(items) if state["mask"] >> i & 1 and cell in level[goal]}
    ways = [(state["cell"], 4)]  # a cell, and the first action on the way there; 4 stays
    for cell, first in ways:
        if cell in wanted:
            return first
        for action, (down, right) in enumerate([(-1, 0), (1, 0), (0, -1), (0, 1)]):
            row, column = cell // size + down, cell % size + right
            if 0 <= row < size and 0 <= column < size and row * size + column not in closed:
                closed.add(row * size + column)
                ways.append((row * size + column, action if first == 4 else first))
    return 4

for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        answer = {"schema": message["schema"], "name": "nearest", "answers": "actions", "observations": "none", "situations": True}
    else:
        answer = {"actions": [choose(s["level"], s["state"], sys.argv[1]) for s in message["situations"]]}
    print(json.dumps({"id": message["id"], **answer}), flush=True)
