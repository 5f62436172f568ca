"""Well-known protocols in our language: where to start reading, and states that others have counted."""
