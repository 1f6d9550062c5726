"""What a phone may have done, by kind: each operation with its data, as the rules read it."""

from typing import Any

from sync.operations import DATA


def data() -> list[type]:
    """The structs of all kinds, once each."""
    return list(dict.fromkeys(DATA.values()))


def by_kind(envelope: dict[str, Any], ref: str) -> dict[str, dict[str, Any]]:
    """A schema for each kind: the envelope with what stands in its `data`."""
    return {
        kind: {
            **envelope,
            "title": kind,
            **({"description": struct.__doc__} if struct.__doc__ else {}),
            "properties": {
                **envelope["properties"],
                "kind": {"const": kind},
                "data": {"$ref": ref.format(name=struct.__name__)},
            },
        }
        for kind, struct in DATA.items()
    }
