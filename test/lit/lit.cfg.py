# One configuration for all lit folders. Scripts carry their RUN lines in `//` comments.
import os
import lit.formats

config.name = "tickc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".tick", ".test", ".tir"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = lit_config.params["exec_root"]
bin_dir = lit_config.params["bin"]
config.environment["PATH"] = os.pathsep.join(["/usr/lib/llvm-19/bin", bin_dir, os.environ.get("PATH", "")])
config.environment["TZ"] = "UTC"
for tool in ("tickc", "tickrun", "kapacitord", "kapacitor"):
    config.substitutions.append(("%" + tool + r"\b", os.path.join(bin_dir, tool)))
