"""`pentad explore`: its command, and a file for each way to go through the states of a finite scope."""
