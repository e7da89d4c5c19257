"""How good the answers are: question sets, measures and runs."""
