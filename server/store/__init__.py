"""The only SQL of the project. Every key starts with community_id, every query names it."""
