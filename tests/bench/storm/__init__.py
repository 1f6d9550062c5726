"""Every phone of a town comes home at once: `python -m tests.bench.storm --help`."""
