#!/bin/sh
# make_venv.sh FOLDER REQUIREMENTS: a virtual environment with those requirements in the versions of constraints.txt.
# Takes uv where it is there, else the newest Python from 3.11 to 3.13 with its own venv and pip.
set -eu
folder=$1
requirements=$2

if command -v uv >/dev/null 2>&1; then
    [ -x "$folder/bin/python" ] || uv venv --seed --python '>=3.11,<3.14' "$folder"
    uv pip install --quiet --python "$folder/bin/python" -r "$requirements" -c constraints.txt
    exit
fi

if [ ! -x "$folder/bin/pip" ]; then
    fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
    for python in python3.13 python3.12 python3.11 python3 python; do
        if command -v "$python" >/dev/null 2>&1 && "$python" -c "$fits" 2>/dev/null; then found=$python; break; fi
    done
    if [ -z "${found:-}" ]; then
        echo "ConvLab needs Python 3.11, 3.12 or 3.13 (or uv), and found none." >&2
        exit 1
    fi
    rm -rf "$folder"
    if ! "$found" -m venv "$folder" 2>/dev/null; then
        # Debian ships Python without venv; root may add it, anyone else is told how.
        rm -rf "$folder"
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            apt-get update -q && apt-get install -y -q python3-venv
            "$found" -m venv "$folder"
        elif "$found" -m virtualenv "$folder" 2>/dev/null; then
            :
        else
            echo "$found has no venv module. On Debian and Ubuntu: sudo apt install python3-venv" >&2
            exit 1
        fi
    fi
fi
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements" -c constraints.txt
