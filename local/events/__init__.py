"""The events of `events/`: the function for each, and other runtimes than this process to run them in."""
