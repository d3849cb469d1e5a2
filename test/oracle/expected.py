"""Runs the independent oracle on a folder: NAME.isg and NAME.request.json ({"block", "request"}) give NAME.json, a test vector.

    python expected.py ORACLE_FOLDER FOLDER
"""
import json
import os
import sys

oracle, folder = sys.argv[1:3]
sys.path.insert(0, oracle)
import vector_tool  # noqa: E402

suffix = ".request.json"
for name in sorted(f[: -len(suffix)] for f in os.listdir(folder) if f.endswith(suffix)):
    place = os.path.join(folder, name)
    with open(place + suffix) as f:
        case = json.load(f)
    with open(place + ".isg", "rb") as f:
        raw = f.read()
    vector = {
        "vector": "isg-vector/1",
        "text": name,
        "program": name + ".isg",
        "block": case["block"],
        "request": case["request"],
        "expected": vector_tool.expected(raw, case["request"], case["block"]),
    }
    with open(place + ".json", "w") as f:
        json.dump(vector, f)
