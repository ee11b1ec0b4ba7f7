// glibc 2.29 gave these functions new versions, which set no errno. The program needs no more than the old ones, and with
// them it starts on hosts whose glibc is older (EL8 has 2.28). The linker sends calls of NAME to __wrap_NAME
// (Directory.Build.targets lists the names too).

// The first version of glibc that each processor has (shlib-versions of glibc).
#if defined(__aarch64__)
#define FIRST "GLIBC_2.17"
#else
#define FIRST "GLIBC_2.2.5"
#endif
#define OLD(name) __asm__(".symver old_" #name ", " #name "@" FIRST)

double old_exp(double x);
double old_exp2(double x);
double old_log(double x);
double old_log2(double x);
double old_pow(double x, double y);

OLD(exp);
OLD(exp2);
OLD(log);
OLD(log2);
OLD(pow);

double __wrap_exp(double x) { return old_exp(x); }
double __wrap_exp2(double x) { return old_exp2(x); }
double __wrap_log(double x) { return old_log(x); }
double __wrap_log2(double x) { return old_log2(x); }
double __wrap_pow(double x, double y) { return old_pow(x, y); }
