# SPDX-License-Identifier: MIT
"""The files for VS Code: they parse, and what they name is there."""

import json
import os
import re
import shlex
import subprocess

from gatehouse import TOP


def load(name):
    with open(os.path.join(TOP, ".vscode", name), encoding="utf-8") as file:
        return json.load(file)


def make_targets():
    targets = set()
    for path in ("Makefile", "boot/files.mk", "tests/lint/files.mk"):
        with open(os.path.join(TOP, path), encoding="utf-8") as file:
            targets |= set(re.findall(r"^([a-z-]+):", file.read(), re.MULTILINE))
    return targets


def test_tasks_name_make_targets_that_exist():
    for task in load("tasks.json")["tasks"]:
        assert task["command"] == "make"
        wanted = [a for a in task["args"] if not a.startswith("-") and "=" not in a]
        assert wanted and set(wanted) <= make_targets(), task["label"]


def test_launch_starts_a_task_that_says_when_the_machine_is_there():
    tasks = {task["label"]: task for task in load("tasks.json")["tasks"]}
    for task in tasks.values():
        assert task.get("dependsOn", "build") in tasks
    with open(os.path.join(TOP, "Makefile"), encoding="utf-8") as file:
        makefile = file.read()
    for launch in load("launch.json")["configurations"]:
        task = tasks[launch["preLaunchTask"]]
        assert task["isBackground"]
        assert task["problemMatcher"]["background"]["endsPattern"] in makefile


def test_launch_uses_the_socket_and_the_commands_of_make_gdb():
    """VS Code runs gdb like this; here without a machine."""
    said = subprocess.run(["make", "-n", "gdb", "B=build"], cwd=TOP, capture_output=True,
                          text=True, check=True).stdout
    for launch in load("launch.json")["configurations"]:
        socket = launch["miDebuggerServerAddress"].removeprefix("${workspaceFolder}/")
        assert f"target remote {socket}" in said
        setup = [step["text"] for step in launch["setupCommands"]]
        command = ["gdb", *shlex.split(launch["miDebuggerArgs"]), "--interpreter=mi",
                   launch["program"].replace("${workspaceFolder}", TOP)]
        gdb = subprocess.run(command, input="\n".join([*setup, "-gdb-exit\n"]), cwd=TOP,
                             capture_output=True, text=True, timeout=120, check=True)
        assert "^error" not in gdb.stdout, gdb.stdout


def test_recommended_extensions_are_named_as_publisher_and_name():
    for name in load("extensions.json")["recommendations"]:
        assert re.fullmatch(r"[\w-]+\.[\w-]+", name)
