"""The benchmark: this bot and its peers side by side on loopback. `python -m tests.bench`.

Only ratios mean something: each comes from one run on one machine, the contenders taking turns.
"""
