"""A policy in Python's standard library: walks to the nearest item. Audit it with

    mesascope audit --policy "python3 examples/policies/nearest.py coins" --world arcade

coins, capsules, or by-lamp (coins while the lamp looks like training). What the messages mean: docs/policy-protocol.md.
"""
import json, sys

def choose(level, state, goal):
    size, walls = level["size"], set(level["walls"])
    items = sorted(set(level["coins"] + level["capsules"]))
    wanted = {cell for i, cell in enumerate(items) if state["mask"] >> i & 1 and cell in level[goal]}
    queue, seen = [(state["cell"], 4)], {state["cell"]}  # (cell, first action on the way); 4 stays
    for cell, first in queue:
        if cell in wanted:
            return first
        for action, (row, column) in enumerate([(-1, 0), (1, 0), (0, -1), (0, 1)]):
            r, c = cell // size + row, cell % size + column
            if 0 <= r < size and 0 <= c < size and r * size + c not in walls | seen:
                seen.add(r * size + c)
                queue.append((r * size + c, action if first == 4 else first))
    return 4

goal = sys.argv[1]
for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        answer = {"schema": message["schema"], "name": goal, "answers": "actions", "observations": "none", "situations": True}
    else:
        goals = [("coins" if s["level"]["lamp"] == "training" else "capsules") if goal == "by-lamp" else goal for s in message["situations"]]
        answer = {"actions": [choose(s["level"], s["state"], g) for s, g in zip(message["situations"], goals)]}
    print(json.dumps({"id": message["id"], **answer}), flush=True)
