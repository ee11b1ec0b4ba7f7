// glibc 2.29 gave pow and log new versions, which set no errno. The program needs no more than the old ones, and with
// them it starts on hosts whose glibc is older (EL8 has 2.28). The linker sends calls of NAME to __wrap_NAME.

double old_log(double x);
double old_pow(double x, double y);

__asm__(".symver old_log, log@GLIBC_2.2.5");
__asm__(".symver old_pow, pow@GLIBC_2.2.5");

double __wrap_log(double x) { return old_log(x); }
double __wrap_pow(double x, double y) { return old_pow(x, y); }
