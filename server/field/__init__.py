"""Field pages: the same URLs, records and templates as on the phone, drawn by the server."""
