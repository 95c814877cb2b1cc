# runtime.ts once more, for Python. Arguments: the module's folder, its name, the event's file, how many warm events.
import importlib
import json
import os
import resource
import sys
import time

folder, name, event_file, events = sys.argv[1:5]
with open(event_file) as file:
    event = json.load(file)
sys.path.insert(0, folder)
sys.stdout = open(os.devnull, "w")

cpu_at_start = time.process_time()
began = time.perf_counter()
handler = importlib.import_module(name).handler
loaded = time.perf_counter()
handler(event, None)
done = time.perf_counter()
cold_cpu = time.process_time() - cpu_at_start

count = int(events)
for _ in range(count):
    handler(event, None)
cpu_before = time.process_time()
warm_began = time.perf_counter()
for _ in range(count):
    handler(event, None)
run = {
    "init": (loaded - began) * 1000,
    "first": (done - loaded) * 1000,
    "coldCpu": cold_cpu * 1000,
    "warmCpu": (time.process_time() - cpu_before) * 1000 / max(count, 1),
    "warm": (time.perf_counter() - warm_began) * 1000 / max(count, 1),
    "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}
sys.stderr.write(json.dumps(run))
