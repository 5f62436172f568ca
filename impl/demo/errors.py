"""Why there is no demonstration, or no end of one."""


class DemoError(Exception):
    """One line for whoever asked for it."""
