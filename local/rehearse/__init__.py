"""Deploys to an emulator of AWS on this machine, and uses the deployment."""
