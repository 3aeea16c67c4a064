"""Deploying for real to an emulator of AWS on this machine, and using what was deployed."""
