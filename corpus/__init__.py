"""What the guides are and where they are kept: types, settings, models, stores, ledger."""
