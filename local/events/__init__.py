"""The events of `events/`: which function each is for, and other runtimes than this process to give them to."""
