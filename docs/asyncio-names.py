"""Prints the public names of asyncio: `python3.14 docs/asyncio-names.py > docs/asyncio-3.14-names.txt`.

These are the union of __all__ of its modules (those for Windows too, read but not imported), the names that are public
without standing there, and the public methods of the classes that docs/coming-from-asyncio.md maps one by one.
"""

import ast
import asyncio
import pathlib

# Deprecated: given out by __getattr__, so in no __all__.
UNLISTED = """
    AbstractEventLoopPolicy DefaultEventLoopPolicy WindowsProactorEventLoopPolicy WindowsSelectorEventLoopPolicy
""".split()

# Modules whose names asyncio does not pass on.
OWN_NAMESPACE = {"proactor_events", "selector_events", "staggered", "windows_utils"}
SUBPROCESS = ["DEVNULL", "PIPE", "Process", "STDOUT"]

CLASSES = """
    AbstractEventLoop Future Task Handle TimerHandle Runner TaskGroup Timeout
    Lock Event Condition Semaphore BoundedSemaphore Barrier Queue LifoQueue PriorityQueue
""".split()

# Made by __init__, so not to be found on the class.
INSTANCE = {
    "AbstractEventLoop": ["slow_callback_duration"],
    "Condition": ["acquire", "locked", "release"],
}


def all_of(path):
    """What a module assigns or adds to __all__, without importing it."""
    for node in ast.walk(ast.parse(path.read_text())):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == "__all__":
            try:
                yield from ast.literal_eval(node.value)
            except ValueError:
                pass  # the package's own: a sum of its modules'


names = set(asyncio.__all__) | set(UNLISTED)
for module in pathlib.Path(asyncio.__file__).parent.glob("*.py"):
    prefix = module.stem + "." if module.stem in OWN_NAMESPACE else ""
    names.update(prefix + name for name in all_of(module))
names.update("subprocess." + name for name in SUBPROCESS)
for cls in CLASSES:
    members = [name for name in dir(getattr(asyncio, cls)) if not name.startswith("_")]
    names.update(f"{cls}.{member}" for member in members + INSTANCE.get(cls, []))

for name in sorted(names):
    print("asyncio." + name)
