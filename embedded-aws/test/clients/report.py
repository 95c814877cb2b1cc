"""What every step prints, and the closing line."""
import sys
import threading
import traceback


class Report:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.skipped = 0
        self._lock = threading.Lock()

    def say(self, name, problem=None):
        with self._lock:
            if problem is None:
                self.passed += 1
                print(f"ok      {name}", flush=True)
            else:
                self.failed += 1
                print(f"FAILED  {name}\n        {problem}", flush=True)

    def skip(self, name):
        self.skipped += 1
        print(f"skipped {name}", flush=True)

    def step(self, name, action):
        """Runs an action as a step; what it raises is its failure. Returns its answer, or None."""
        try:
            answer = action()
        except Exception as error:  # every failure is one step's, and is printed
            where = traceback.extract_tb(sys.exc_info()[2])[-1]
            self.say(name, f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})")
            return None
        self.say(name)
        return answer

    def close(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        print(f"{self.passed} passed, {self.failed} failed{skipped}")
        return 1 if self.failed else 0
