"""The model in the words of other tools, so that they can check us."""
