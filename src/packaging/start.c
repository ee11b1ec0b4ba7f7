// Native code keeps its tables of types packed, and unpacks all of them, 8 MB, before the program begins. Page after
// page is touched there for the first time, and where the host is itself a virtual machine these two thousand faults
// are half of the start. So the pages are asked for at once, huge ones where the kernel has them. A kernel before
// 5.14 knows no MADV_POPULATE_WRITE, and there it goes on as before.

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#define MADV_POPULATE_WRITE 23 // linux/mman.h of 5.14; the C library that is linked against is older

extern char __bss_start[] __attribute__((visibility("hidden")));
extern char _end[] __attribute__((visibility("hidden")));

__attribute__((constructor)) static void populate(void)
{
    uintptr_t page = (uintptr_t)getpagesize(); // 64 KB on some arm64 hosts
    uintptr_t from = ((uintptr_t)__bss_start + page - 1) & -page;
    uintptr_t to = ((uintptr_t)_end + page - 1) & -page;
    madvise((void *)from, to - from, MADV_HUGEPAGE);
    madvise((void *)from, to - from, MADV_POPULATE_WRITE);
}

// The collector takes memory for the heap in pieces of 64 KB, marks each as part of a core dump, and writes all of it
// next. Here too the pages are asked for at once: of 3500 faults of a long `verify` 1300 are left.

#define LARGEST_PIECE (128 << 10) // larger ones, such as the collector's own tables, are used here and there only

int __real_madvise(void *address, size_t length, int advice);

int __wrap_madvise(void *address, size_t length, int advice)
{
    int result = __real_madvise(address, length, advice);
    if (result == 0 && advice == MADV_DODUMP && length <= LARGEST_PIECE)
    {
        int reason = errno;
        __real_madvise(address, length, MADV_POPULATE_WRITE);
        errno = reason;
    }

    return result;
}
