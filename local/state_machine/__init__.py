"""The template's state machines on this machine: the same ASL, run by moto's interpreter."""

import sys
from importlib.util import find_spec, module_from_spec

# moto's interpreter imports the states of a job from moto.batch, and importing that reads every EC2
# instance type: a quarter of this process's start. So an empty module replaces the package.
if (_spec := find_spec("moto.batch")) is not None:
    sys.modules.setdefault("moto.batch", module_from_spec(_spec))

from local.state_machine.deployed import interpreted

__all__ = ["interpreted"]
