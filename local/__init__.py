"""What runs on a developer's machine and is never deployed: the local gateway and the rehearsals."""
