"""The template's state machines on this machine: the same ASL, run by moto's interpreter."""

from local.state_machine.deployed import interpreted

__all__ = ["interpreted"]
