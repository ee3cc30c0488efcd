"""What an agent for user-defined functions needs, in plain Python.

The daemon writes requests to standard input and reads responses from standard output (or both over a Unix socket),
each message behind its length as a varint; docs/udf.md tells which ones there are. A function is a Handler; run() serves
it. What a handler prints must go to standard error, whose lines are found in the daemon's log.
"""
import socket
import struct
import sys

STREAM, BATCH = 0, 1
BOOL, INT, DOUBLE, STRING, DURATION = range(5)


# --- protobuf: fields as bytes ---------------------------------------------------------------------------

def varint(n):
    n &= (1 << 64) - 1
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value) if value else b""


def text(field, value, always=False):
    data = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(data)) + data if data or always else b""


def table(field, values, entry):
    return b"".join(text(field, text(1, key) + entry(value), True) for key, value in values.items())


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


def fields(data):
    """Field number to values: ints, or bytes."""
    found, at = {}, 0
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            value, at = read_varint(data, at)
        elif key & 7 == 1:
            value, at = data[at:at + 8], at + 8
        else:
            length, at = read_varint(data, at)
            value, at = data[at:at + length], at + length
        found.setdefault(key >> 3, []).append(value)
    return found


def string(found, field):
    return found[field][-1].decode() if field in found else ""


def integer(found, field):
    return signed(found[field][-1]) if field in found else 0


def double(found, field):
    return struct.unpack("<d", found[field][-1])[0] if field in found else 0.0


def tables(found, field, read):
    entries = (fields(entry) for entry in found.get(field, []))
    return {string(entry, 1): read(entry, 2) for entry in entries}


# --- data ------------------------------------------------------------------------------------------------

class Point:
    """A point of a stream, or of a batch, which has no name and dimensions of its own."""

    def __init__(self, data=b""):
        found = fields(data)
        self.time = integer(found, 1)
        self.name, self.database, self.retention_policy, self.group = (string(found, n) for n in (2, 3, 4, 5))
        self.dimensions = [name.decode() for name in found.get(6, [])]
        self.tags = tables(found, 7, string)
        self.by_name = bool(integer(found, 11))
        self.fields = {**tables(found, 8, double), **tables(found, 9, integer), **tables(found, 10, string),
                       **tables(found, 12, lambda entry, n: bool(integer(entry, n)))}

    def encode(self):
        of = {float: {}, int: {}, str: {}, bool: {}}
        for name, value in self.fields.items():
            of[type(value)][name] = value
        return (number(1, self.time) + text(2, self.name) + text(3, self.database) + text(4, self.retention_policy)
                + text(5, self.group) + b"".join(text(6, name, True) for name in self.dimensions)
                + table(7, self.tags, lambda value: text(2, value))
                + table(8, of[float], lambda value: varint(2 << 3 | 1) + struct.pack("<d", value))
                + table(9, of[int], lambda value: number(2, value)) + table(10, of[str], lambda value: text(2, value))
                + number(11, self.by_name) + table(12, of[bool], lambda value: number(2, value)))


class Begin:
    def __init__(self, data):
        found = fields(data)
        self.name, self.group = string(found, 1), string(found, 2)
        self.tags = tables(found, 3, string)
        self.size, self.by_name = integer(found, 4), bool(integer(found, 5))

    def encode(self):
        return (text(1, self.name) + text(2, self.group) + table(3, self.tags, lambda value: text(2, value))
                + number(4, self.size) + number(5, self.by_name))


class End:
    def __init__(self, data):
        found = fields(data)
        self.name, self.group, self.time = string(found, 1), string(found, 2), integer(found, 3)
        self.tags, self.by_name = tables(found, 4, string), bool(integer(found, 5))

    def encode(self):
        return (text(1, self.name) + text(2, self.group) + number(3, self.time)
                + table(4, self.tags, lambda value: text(2, value)) + number(5, self.by_name))


# --- the agent -------------------------------------------------------------------------------------------

class Handler:
    wants, provides = STREAM, STREAM
    options = {}  # name: types of its values

    def init(self, options):
        """options: a list of (name, values) in the script's order. An error text refuses them."""
        return ""

    def snapshot(self):
        return b""

    def restore(self, state):
        return ""

    def point(self, point):
        pass

    def begin(self, begin):
        pass

    def end(self, end):
        pass


class Agent:
    def __init__(self, handler, source, target):
        self.handler, self.source, self.target = handler, source, target
        handler.agent = self

    def write(self, kind, data):
        message = text(kind, data, True)
        self.target.write(varint(len(message)) + message)

    def send_point(self, point):
        self.write(17, point.encode())

    def send_batch(self, begin, points, end):
        self.write(16, begin.encode())
        for point in points:
            self.send_point(point)
        self.write(18, end.encode())

    def read(self):
        """The next request as (kind, data); nothing at the end."""
        length = shift = 0
        while True:
            byte = self.source.read(1)
            if not byte:
                return None
            length |= (byte[0] & 127) << shift
            shift += 7
            if byte[0] < 128:
                break
        (kind, values), = fields(self.source.read(length)).items()
        return kind, values[0]

    def run(self):
        handler = self.handler
        while (request := self.read()) is not None:
            kind, data = request
            if kind == 1:
                options = table(3, handler.options, lambda types: text(2, text(1, b"".join(varint(t) for t in types))))
                self.write(1, number(1, handler.wants) + number(2, handler.provides) + options)
            elif kind == 2:
                error = handler.init([self.option(entry) for entry in fields(data).get(1, [])])
                self.write(2, number(1, not error) + text(2, error))
            elif kind == 3:
                self.write(3, data)
            elif kind == 4:
                self.write(4, text(1, handler.snapshot()))
            elif kind == 5:
                error = handler.restore(fields(data).get(1, [b""])[0])
                self.write(5, number(1, not error) + text(2, error))
            elif kind == 16:
                handler.begin(Begin(data))
            elif kind == 17:
                handler.point(Point(data))
            elif kind == 18:
                handler.end(End(data))
            self.target.flush()

    @staticmethod
    def option(data):
        found = fields(data)
        values = []
        for entry in found.get(2, []):
            value = fields(entry)
            read = {BOOL: lambda v: bool(integer(v, 2)), INT: lambda v: integer(v, 3), DOUBLE: lambda v: double(v, 4),
                    STRING: lambda v: string(v, 5), DURATION: lambda v: integer(v, 6)}
            values.append(read[integer(value, 1)](value))
        return string(found, 1), values


def run(make_handler):
    """Serves one handler over the standard streams; with `--socket PATH` one for each connection."""
    if len(sys.argv) == 3 and sys.argv[1] == "--socket":
        serve(make_handler, sys.argv[2])
    else:
        Agent(make_handler(), sys.stdin.buffer, sys.stdout.buffer).run()


def serve(make_handler, path):
    import os  # pylint: disable=import-outside-toplevel
    import threading  # pylint: disable=import-outside-toplevel
    with socket.socket(socket.AF_UNIX) as listener:
        if os.path.exists(path):
            os.unlink(path)
        listener.bind(path)
        listener.listen()
        while True:
            peer, _ = listener.accept()
            stream = peer.makefile("rwb")
            threading.Thread(target=Agent(make_handler(), stream, stream).run, daemon=True).start()
