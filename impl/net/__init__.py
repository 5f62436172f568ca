"""Sockets on the loopback interface and nowhere else: WebSocket and TCP for nodes, HTTP for files and registration.

What is said over them is decided elsewhere: `impl.transport.connection` turns bytes into nodes, and whoever starts an
endpoint or a line says what becomes of each.
"""
