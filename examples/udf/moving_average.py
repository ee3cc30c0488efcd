#!/usr/bin/env python3
"""The mean of the last `size` values of a field, for each group.

    [udf.functions.movingAverage]
      prog = "/usr/bin/python3"
      args = ["-u", "examples/udf/moving_average.py"]
      timeout = "10s"

    stream|from().measurement('cpu').groupBy('host')
        @movingAverage().field('usage').size(3).as('mean')
"""
import json

from agent import INT, STRING, Handler, run


class MovingAverage(Handler):
    options = {"field": [STRING], "size": [INT], "as": [STRING]}

    def __init__(self):
        self.field, self.size, self.result = "", 0, "avg"
        self.values = {}  # by group

    def init(self, options):
        for name, values in options:
            if name == "field":
                self.field = values[0]
            elif name == "size":
                self.size = values[0]
            else:
                self.result = values[0]
        if not self.field:
            return "must supply field"
        return "" if self.size > 0 else "must supply window size"

    def snapshot(self):
        return json.dumps(self.values).encode()

    def restore(self, state):
        self.values = json.loads(state)
        return ""

    def point(self, point):
        value = point.fields.get(self.field)
        if not isinstance(value, (int, float)):
            return
        values = self.values.setdefault(point.group, [])
        values.append(value)
        del values[:-self.size]
        point.fields = {self.result: float(sum(values)) / len(values)}
        self.agent.send_point(point)


if __name__ == "__main__":
    run(MovingAverage)
