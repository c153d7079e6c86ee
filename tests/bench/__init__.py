"""The benchmark: this bot and its peers side by side on loopback. `python -m tests.bench`.

Only the ratios are meaningful: each is from one run on one machine, which alternates between them.
"""
