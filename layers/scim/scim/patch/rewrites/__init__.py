"""Rewrites of clients' dialects: one function each, named by the tolerance that switches it on.

A rewrite takes one operation and returns the plain operations it stands for, or None when
it has nothing to say. It cites the recorded request that forced it.
"""
