"""Draws field pages with Jinja2 exactly as the phone draws them with Nunjucks.

Templates of field pages use only what both engines share; web/templates/README says what that is.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from server.field.words import words

TEMPLATES = Path(__file__).resolve().parents[2] / "web" / "templates"


def draw(name: str, context: dict[str, Any]) -> str:
    """A field template as text, in the language of its page."""
    return environment(context["page"]["lang"]).get_template(name).render(context)


@cache
def environment(lang: str) -> Environment:
    """The engine with the words of one language. Undefined names raise."""
    spoken = words(lang)
    engine = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,  # as Nunjucks does
    )
    engine.filters.update(spoken.filters())
    engine.globals.update(spoken.globals())
    return engine
