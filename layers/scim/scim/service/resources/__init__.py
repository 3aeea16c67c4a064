"""Resources: create, read, replace, modify and delete one."""
