"""The pure core: what people can do, what is known, what follows. No clock, network or database."""
