#!/usr/bin/env python3
"""Freezes kernels: copies files of common/codec over the frozen copies that the guard times them
against.

    bench/guard/freeze.py                      all that have a copy
    bench/guard/freeze.py scan_avx2 ...        only these

To be done when a kernel was made faster, so that the guard holds what was gained, and when the
tables of kernel_parts.h change. A copy is the kernel's file in the namespace ibid::frozen.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CODEC = os.path.join(HERE, "..", "..", "common", "codec")
PARTS = '#include "bench/guard/frozen_parts.h"  // a copy: freeze.py\n'


def frozen(text):
    """The copy of a kernel's source. Its project includes stay in order: bench is before common."""
    text = text.replace("namespace ibid::kernels", "namespace ibid::frozen")
    text = text.replace('#include "common/codec/kernel_parts.h"\n', "")
    project = text.find('#include "')
    at = project if project >= 0 else text.index("\nnamespace ibid::frozen")
    return text[:at] + PARTS + text[at:]


def main(names):
    copies = sorted(name[len("frozen_"):-len(".cc")] for name in os.listdir(HERE)
                    if name.startswith("frozen_") and name.endswith(".cc"))
    copies.remove("kernels")  # the table of the copies
    for name in names or copies:
        if name not in copies:
            sys.exit(f"{name}: there is no frozen_{name}.cc; the others: {', '.join(copies)}")
        with open(os.path.join(CODEC, name + ".cc"), encoding="utf-8") as file:
            text = frozen(file.read())
        with open(os.path.join(HERE, f"frozen_{name}.cc"), "w", encoding="utf-8") as file:
            file.write(text)
        print(f"froze {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
