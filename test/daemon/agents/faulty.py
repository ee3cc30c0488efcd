"""A function that goes wrong in the way its first argument says, once a point comes."""
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "examples" / "udf"))
from agent import STRING, Handler, run, text, varint  # pylint: disable=wrong-import-position

WAY = sys.argv.pop(1)


def flood(agent, point):
    """The same point without end, many at a time."""
    data = text(17, point.encode(), True)
    many = (varint(len(data)) + data) * 10_000
    while True:
        agent.target.write(many)


class Faulty(Handler):
    options = {"unused": [STRING]}

    def init(self, options):
        if WAY == "refuse":
            return "this one refuses"
        if WAY == "die-at-init":
            sys.exit(3)
        return ""

    def point(self, point):
        if WAY == "die":
            print("about to die", file=sys.stderr, flush=True)
            os._exit(7)
        if WAY == "die-once" and point.fields.get("die"):
            os._exit(7)
        if WAY == "hang":
            time.sleep(3600)
        if WAY == "nonsense":
            self.agent.target.write(b"\xff" * 64)
        if WAY == "html":
            self.agent.target.write(b"<html>this is no protobuf</html>")
        if WAY == "huge":
            self.agent.target.write(b"\xff\xff\xff\xff\x7f")
        if WAY == "batch":
            self.agent.write(16, b"")
        if WAY == "error":
            self.agent.write(6, b"\x0a\x0bout of luck")
        if WAY == "flood":
            flood(self.agent, point)
        self.agent.send_point(point)


run(Faulty)
