"""How far a list is: numbers, and a row of steps that can be seen from afar."""

from server.field.shelf import Fields

STEPS_SHOWN = 30


def progress(todo: int, done: list[Fields]) -> Fields:
    """`done` are rows that say whether they wait to be sent."""
    waiting = sum(at["waiting"] for at in done)
    total = todo + len(done)
    shown = min(total, STEPS_SHOWN)
    solid, striped = len(done) - waiting, waiting
    if total > STEPS_SHOWN:
        solid, striped = solid * shown // total, striped * shown // total
    return {
        "total": total,
        "done": len(done),
        "left": todo,
        "waiting": waiting,
        "steps": ["done"] * solid + ["wait"] * striped + [""] * (shown - solid - striped),
    }
