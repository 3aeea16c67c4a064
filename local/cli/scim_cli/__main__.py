"""`scim`, and `python -m scim_cli`."""

from scim_cli.root import scim

if __name__ == "__main__":
    scim(prog_name="scim")
