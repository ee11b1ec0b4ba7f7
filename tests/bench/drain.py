"""Reads the reply to a unixctl request and does nothing with it: the floor for everything that reads a dump.

drain.py SOCKET METHOD [ARGUMENT..]   prints the count of bytes
"""
import json
import socket
import sys

connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
connection.sendall(json.dumps({"id": 1, "method": sys.argv[2], "params": sys.argv[3:]}).encode())
buffer = bytearray(256 * 1024)
total, end = 0, b""
while not end.endswith(b'"error":null}'):
    count = connection.recv_into(buffer)
    if count == 0:
        sys.exit("the connection was closed")
    total, end = total + count, (end + buffer[max(0, count - 16):count])[-16:]
print(total)
