"""Every route, put together once where servers are forked from: most of a start."""

from server.app import assemble

ROUTES = assemble()
