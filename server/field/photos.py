"""Photos that come with a form, from browsers without a worker, as a camera made them."""

from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile

from server import media
from server.field.answering import fields_of
from server.people import Person
from sync.media import AT_ONE_VISIT
from sync.refusals import Refusal

MAX_PHOTO = 12 * 1024 * 1024
MAX_FORM = AT_ONE_VISIT * MAX_PHOTO + 1024 * 1024


async def photos_of(
    request: Request[Person, str, Any],
) -> tuple[dict[str, list[str]], list[bytes]]:
    """The fields of a form, and the photos that came with it. A field left empty is no photo."""
    form = await request.form()
    sent = {name: form.getall(name) for name in form}
    files = [one for one in sent.get("photo", []) if isinstance(one, UploadFile)]
    photos = [data for one in files if (data := await one.read())]
    for one in files:
        await one.close()
    return fields_of(sent), photos


def keep_photos(request: Request[Person, str, Any], photos: list[bytes]) -> dict[str, Any]:
    """Keep them small; what the visit's data says of them. Raises Refusal when one is none."""
    if not photos:
        return {}
    if len(photos) > AT_ONE_VISIT:
        raise Refusal("media.too_many", limit=AT_ONE_VISIT)
    intake = request.app.state.intake
    return {"media": [media.take_photo(intake, request.user, one) for one in photos]}
