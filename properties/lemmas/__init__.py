"""What is true in every state, and worth knowing only because properties of the catalogue lean on it."""
