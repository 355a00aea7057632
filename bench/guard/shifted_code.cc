// Room that nothing uses, before all other code of ibid-guard-shifted.
__asm__(
    ".text\n"
    ".p2align 6\n"
    ".skip 1216, 0x90\n");  // an odd number of cache lines
