"""What reads and writes files of each format."""
