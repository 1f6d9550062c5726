"""When Python looks for cycles of objects that nobody needs."""

import gc


def seldom() -> None:
    """Records come by the thousand and are part of no cycle: looking at them again and again for
    one took a fifth of every push."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
