"""Whole directories out and in again, as files of three formats."""
