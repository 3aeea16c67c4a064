"""What the operator's console asks for beside the operations of administration."""
