"""Reports that nobody types: one definition each, from which file and print page are made."""
