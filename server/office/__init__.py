"""The community office's pages: thin, one module per noun, drawn by the server only."""
