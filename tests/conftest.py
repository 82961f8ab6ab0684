"""What holds for every test: it writes nothing into a person's own folders, and a busy machine is no fault."""

import os
import shutil
import tempfile

from hypothesis import settings

# Before any test is imported, and for the servers that tests start: runs and models go to a folder of this process.
os.environ["CONVLAB_HOME"] = tempfile.mkdtemp(prefix="convlab-tests-")

settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_unconfigure(config):
    shutil.rmtree(os.environ["CONVLAB_HOME"], ignore_errors=True)
