"""What the setup portal of one tenant asks for."""
