"""`jinlin` as a module, so that it runs from a checkout without its script."""

from server.cli import main

if __name__ == "__main__":
    main()
