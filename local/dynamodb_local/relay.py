"""Relays connections from an inherited listening socket to a server in this network namespace.

server.py starts it as `relay.py FD PORT COMMAND...`, alone in a network namespace. When its standard input
closes, it ends the command and then itself, so that nothing outlives the starting process, however that died.
The command is ended by SIGTERM: DynamoDB Local stores writes a moment after it acknowledges them.
"""

import asyncio
import ctypes
import fcntl
import signal
import socket
import struct
import sys
from contextlib import suppress

_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
_REQUEST = "16sh14x"  # struct ifreq: a name, then flags
_PR_SET_PDEATHSIG = 1
_CHUNK = 65536
_PATIENCE = 10
"""Seconds that the command has to end after SIGTERM."""


def raise_loopback() -> None:
    """Enable the namespace's loopback interface, as `ip link set lo up` does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        found = fcntl.ioctl(any_socket, _SIOCGIFFLAGS, struct.pack(_REQUEST, b"lo", 0))
        flags = struct.unpack(_REQUEST, found)[1] | _IFF_UP
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack(_REQUEST, b"lo", flags))


def _end_with_the_relay() -> None:
    """Have the kernel end this process when its parent dies, even by SIGKILL."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
    with suppress(ConnectionError):
        writer.close()


async def _relay(listener: socket.socket, port: int, command: list[str]) -> int:
    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:  # not up yet
            writer.close()
            return
        await asyncio.gather(_carry(reader, inner_writer), _carry(inner_reader, writer))

    async with await asyncio.start_server(accept, sock=listener):
        server = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, preexec_fn=_end_with_the_relay
        )
        starter_gone = asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)
        ended = asyncio.ensure_future(server.wait())
        await asyncio.wait(
            [ended, asyncio.ensure_future(starter_gone)], return_when=asyncio.FIRST_COMPLETED
        )
        if not ended.done():
            server.terminate()
            await asyncio.wait([ended], timeout=_PATIENCE)
        if not ended.done():
            server.kill()
        return await ended


def main(arguments: list[str]) -> int:
    """Relay until the command or the starting process ends; return the command's exit status."""
    descriptor, port, *command = arguments
    raise_loopback()
    return asyncio.run(_relay(socket.socket(fileno=int(descriptor)), int(port), command))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
