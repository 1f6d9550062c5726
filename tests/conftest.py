"""What holds for every test."""

import gc

# As in a running server: records are part of no cycle, and looking for some costs a seventh.
gc.freeze()
gc.set_threshold(100_000, 20, 100)
