"""What holds for every test."""

import gc
import os

from hypothesis import settings

# As in a running server: records are part of no cycle, and looking for some costs a seventh.
gc.freeze()
gc.set_threshold(100_000, 20, 100)

# How long one example takes is a matter of what else the machine does. Continuous integration asks
# whether a change is right, with the same examples each time; elsewhere new ones look for more.
settings.register_profile("any machine", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("any machine")
