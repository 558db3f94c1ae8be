"""Measures what the portal costs, against the floor in `bench.floor`: python3 run.py bench."""
