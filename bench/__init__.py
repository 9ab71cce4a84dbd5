"""Side-by-side benchmarks; their results are committed as tables in `bench/results`."""
