"""A client: what a device and the server say to each other. Sans-IO: flows yield requests and are sent answers."""

from impl.client.client import Client
from impl.client.drive import drive

__all__ = ["Client", "drive"]
