"""Rewrites of clients' dialects: one function each; a tolerance switches it on.

A rewrite takes one operation and returns the plain operations that it stands for, or None if
it does not apply. It cites the recorded request that made it necessary.
"""
