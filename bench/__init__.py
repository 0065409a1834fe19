"""What `make bench` measures: every function named bench_… in a file here yields rows (scripts/bench.py)."""
