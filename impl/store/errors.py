"""Why a store cannot be used."""


class StoreError(Exception):
    """A store that is corrupt, foreign, of another version or in use; it was left as it is."""
