"""The demo community 清龙社区: invented, seeded, and with totals that can be counted."""
